// The processor time of a decision without and with Cedar, and of a reload: `node bench/policy.ts`. Figures of docs/POLICY.md.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPolicies, openDefaultPolicies, type Policies, type PolicyRequest } from '../src/policy/index.ts'
import { policyActions } from '../src/service/index.ts'

const ROUNDS = 1000
const actions = await policyActions()
const request: PolicyRequest = {
  principal: { id: 'alice', tenant: 'acme', scopes: ['execute'] },
  action: 'executions.start',
  resource: { kind: 'Program', id: 'sha256:1', name: 'invoice', version: '1.0.0', isSigned: true },
  context: { time: Date.now(), address: '10.0.0.1' },
}

/** Processor time in ms, which other processes on the machine do not change much. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function measure(name: string, policies: Policies): void {
  const rounds = (): void => {
    for (let i = 0; i < ROUNDS; i++) policies.decide(request)
  }
  rounds()
  process.stdout.write(`${name}: ${cpuOf(rounds).toFixed(1)} us per decision\n`)
}

measure('default set, without Cedar', openDefaultPolicies(actions))
for (const count of [1, 100, 1400]) {
  const folder = mkdtempSync(join(tmpdir(), 'anrf-bench-'))
  const policy = (i: number): string =>
    `@id("p${i}") @reason("reason ${i}")\nforbid(principal in Tenant::"t${i}", action, resource)\nwhen { resource is Program && resource has name && resource.name like "x${i}*" };\n`
  writeFileSync(join(folder, 'a.cedar'), Array.from({ length: count }, (_, i) => policy(i)).join(''))
  const before = process.cpuUsage()
  const loaded = await loadPolicies(folder, actions, { grants: [], ceilings: {}, trustedKeys: [] })
  rmSync(folder, { recursive: true })
  if ('diagnostics' in loaded) throw new Error(loaded.diagnostics[0]?.message)
  process.stdout.write(`${count} policies: loaded in ${(process.cpuUsage(before).user / 1000).toFixed(0)} ms\n`)
  measure(`default set and ${count}, Cedar`, loaded.policies)
  loaded.policies.close()
}
