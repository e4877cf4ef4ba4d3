import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseGrants } from '../../src/effects/index.ts'
import type { OperatorBounds, PolicyAction, PolicyRequest } from '../../src/policy/index.ts'
import { loadPolicies, type Policies } from '../../src/policy/index.ts'

export const KEY = `sha256:${'4f'.repeat(32)}`

export const BOUNDS: OperatorBounds = {
  grants: grantsOf('http=GET,POST https://api.example.com/v1', 'kv', 'programs=invoice@^1.2'),
  ceilings: { wall: 5000 },
  trustedKeys: [KEY],
}

export function grantsOf(...texts: string[]): OperatorBounds['grants'] {
  const parsed = parseGrants(texts)
  if ('diagnostics' in parsed) throw new Error(parsed.diagnostics[0]!.message)
  return parsed.grants
}

export const ACTIONS: readonly PolicyAction[] = [
  { name: 'executions.start', scope: 'execute', resource: 'Program' },
  { name: 'executions.read', scope: 'read', resource: 'Execution' },
  { name: 'keys.create', scope: 'admin', resource: 'Service' },
  { name: 'audit.read', scope: 'operate', resource: 'Service' },
]

/** A folder with these files, and how to remove it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'anrf-policy-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export type LoadResult = Awaited<ReturnType<typeof loadPolicies>>

export async function load(
  files: Readonly<Record<string, string | Uint8Array>>,
  actions = ACTIONS,
  bounds = BOUNDS,
): Promise<LoadResult> {
  const folder = folderOf(files)
  try {
    return await loadPolicies(folder.path, actions, bounds)
  } finally {
    folder.remove()
  }
}

export async function loaded(files: Readonly<Record<string, string>>, actions = ACTIONS): Promise<Policies> {
  const result = await load(files, actions)
  if ('diagnostics' in result) throw new Error(JSON.stringify(result.diagnostics, undefined, 1))
  return result.policies
}

export const start = (scopes: readonly string[], program: object = {}): PolicyRequest => ({
  principal: { id: 'alice', tenant: 'acme', scopes },
  action: 'executions.start',
  resource: { kind: 'Program', id: 'sha256:1', isSigned: false, ...program },
  context: { time: Date.UTC(2026, 0, 5, 12) },
})

export const runWith = (profile: string, program: object = {}, run: object = {}): PolicyRequest => ({
  principal: { id: 'alice', tenant: 'acme', scopes: ['execute'] },
  action: 'run-with',
  resource: { kind: 'Profile', id: profile },
  context: {
    time: 0,
    run: {
      program: { id: 'sha256:1', isSigned: false, ...program },
      capabilities: ['http'],
      entry: 'main',
      depth: 0,
      isResumed: false,
      ...run,
    },
  },
})
