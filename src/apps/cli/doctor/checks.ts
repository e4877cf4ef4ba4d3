import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { installCommand, findProgram, openCgroups, openIsolation } from '../../../sandbox/index.ts'
import type { Check, Finding } from './check.ts'
import { checkDisk, checkSync } from './disk.ts'
import { checkFiles } from './files.ts'
import { checkClock, checkStore } from './store.ts'

const NODE_MAJOR_MIN = 26

/** Every check of `anrf doctor`, in order. */
export const CHECKS: readonly Check[] = [
  {
    name: 'node',
    run: () => {
      const { node } = process.versions
      if (Number.parseInt(node, 10) >= NODE_MAJOR_MIN) return ok(`${node}, ${availableParallelism()} processors`)
      return {
        status: 'error',
        detail: `${node} is too old`,
        hint: `Start with ./anrf, or Node ${NODE_MAJOR_MIN} or later.`,
      }
    },
  },
  {
    name: 'isolation',
    run: async ({ config: { isolation, ociRuntime } }) => {
      const opened = await openIsolation(isolation, { ociRuntime })
      if ('refused' in opened) {
        const { message, hint } = opened.refused
        return { status: 'error', detail: message, ...(hint !== undefined && { hint }) }
      }
      if (opened.level !== 'none') return ok(`${opened.level}, which proved itself here`)
      return { status: 'warning', detail: 'none: programs are kept from nothing', hint: 'Set isolation to auto.' }
    },
  },
  {
    name: 'cgroups',
    run: () => {
      const cgroups = openCgroups()
      if (cgroups) return ok(`v${cgroups.version}: the kernel bounds the memory of workers too`)
      const hint = 'Delegate a control group to the service (docs/SANDBOX.md) to have the kernel do so too.'
      return { status: 'note', detail: 'none is delegated: the service itself bounds the memory of workers', hint }
    },
  },
  { name: 'store', run: checkStore },
  { name: 'files', run: checkFiles },
  { name: 'disk', run: checkDisk },
  { name: 'sync', run: checkSync },
  { name: 'clock', run: checkClock },
  { name: 'port', run: ({ config: { host, port } }) => checkPort(host, port) },
  ...[
    program('bwrap', 'the isolation `container`', 'bubblewrap'),
    program('runc', 'the isolation `oci`'),
    program('gcc', 'native code'),
    program('docker-registry', 'tests against a registry', 'docker-registry'),
    program('prometheus', 'tests of metrics and alert rules'),
    program('go', 'tests by an independent verifier of the audit log', 'golang-go'),
  ],
]

const ok = (detail: string): Finding => ({ status: 'ok', detail })

/** A program that something needs and nothing depends on. */
function program(name: string, use: string, packageName = name): Check {
  return {
    name,
    run: () => {
      const path = findProgram(name)
      if (path !== undefined) return ok(path)
      return { status: 'note', detail: `not installed; it is for ${use}`, hint: installCommand(packageName) }
    },
  }
}

function checkPort(host: string, port: number): Promise<Finding> {
  if (port === 0) return Promise.resolve(ok('any free one'))
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const hint =
        code === 'EADDRINUSE' ? 'It may be a service of ANRF; `anrf serve --port 0` takes another one.' : undefined
      const detail = code === 'EADDRINUSE' ? `${host}:${port} is in use` : `${host}:${port} cannot be had (${code})`
      resolve({ status: code === 'EADDRINUSE' ? 'warning' : 'error', detail, ...(hint !== undefined && { hint }) })
    })
    server.listen(port, host, () => server.close(() => resolve(ok(`${host}:${port} is free`))))
  })
}
