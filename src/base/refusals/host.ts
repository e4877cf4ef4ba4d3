import type { RefusalRow } from './row.ts'

/** What belongs to the machine, the page or the process around a program. */
export const HOST_REFUSALS = {
  process: {
    title: 'process',
    globals: ['process', 'Buffer'],
    hint: 'Take what the program needs as inputs of the entry.',
    why: 'A program sees its inputs and nothing else of the machine: no environment, arguments, folder or streams. So it gives the same wherever it runs, and cannot take secrets along.',
    before: `export function main(): string {
  return 'hello ' + (process.env['USER_NAME'] ?? 'you')
}`,
    after: `export function main(userName?: string): string {
  return 'hello ' + (userName ?? 'you')
}`,
  },
  fetch: {
    title: 'the network without an import',
    globals: ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'Request', 'Response', 'Headers'],
    hint: "Import it: `import { fetch } from 'anrf:http'`; or take the data as an input of the entry.",
    why: 'A program that reaches the network can send its inputs anywhere and gives what a server says today. So it says by an import that it does, its document asks for the capability, and whoever runs it grants the hosts. What was said is journaled, so that the run can be repeated.',
    before: `export async function main(city: string): Promise<number> {
  const response = await fetch('https://weather.example/' + city)
  const report = (await response.json()) as { celsius: number }
  return report.celsius * 1.8 + 32
}`,
    after: `import { fetch } from 'anrf:http'

export async function main(city: string): Promise<number> {
  const response = await fetch('https://weather.example/' + city)
  const report = (await response.json()) as { celsius: number }
  return report.celsius * 1.8 + 32
}`,
  },
  page: {
    title: 'the page of a browser',
    globals: ['window', 'document', 'localStorage', 'sessionStorage', 'navigator', 'alert', 'prompt'],
    hint: 'Programs have no page: take inputs and return results.',
    why: 'A program runs in a sandbox without a screen. What it has to show it returns or logs, and who calls it decides where that appears.',
    before: `export function main(total: number): void {
  document.title = 'total: ' + total
}`,
    after: `export function main(total: number): string {
  return 'total: ' + total
}`,
  },
  timers: {
    title: 'setImmediate',
    globals: ['setImmediate', 'clearImmediate'],
    hint: 'Use `setTimeout(callback, 0)`, or `queueMicrotask(callback)` to run it before everything that waits.',
    why: 'What it comes before, a timer or an answer of the world, depends on the state of the machine, so that a run could not be repeated.',
    before: `export async function main(first: string): Promise<string> {
  const seen: string[] = []
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      seen.push('later')
      resolve()
    })
    seen.push(first)
  })
  return seen.join()
}`,
    after: `export async function main(first: string): Promise<string> {
  const seen: string[] = []
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      seen.push('later')
      resolve()
    }, 0)
    seen.push(first)
  })
  return seen.join()
}`,
  },
  'shared-memory': {
    title: 'shared memory',
    globals: ['SharedArrayBuffer', 'Atomics', 'MessageChannel', 'BroadcastChannel'],
    hint: 'Use an array of numbers, and return what another program should know.',
    why: 'A program runs alone, in one thread. What two threads do with shared memory depends on their timing, so that a run could not be repeated.',
    before: `export function main(): number {
  const total = new Int32Array(new SharedArrayBuffer(4))
  for (const n of [1, 2, 3]) Atomics.add(total, 0, n)
  return total[0]!
}`,
    after: `export function main(): number {
  let total = 0
  for (const n of [1, 2, 3]) total += n
  return total
}`,
  },
  globalthis: {
    title: 'the global object',
    globals: ['globalThis', 'global'],
    hint: 'Name the function or variable itself.',
    why: 'What is global would be an object that any code may read, list and change. Names are known when the program is compiled, and state that is shared is a variable of a module.',
    before: `export function main(): number {
  ;(globalThis as unknown as { counter: number }).counter = 1
  return (globalThis as unknown as { counter: number }).counter + 1
}`,
    after: `let counter = 0
export function main(): number {
  counter = 1
  return counter + 1
}`,
  },
  webassembly: {
    title: 'WebAssembly',
    globals: ['WebAssembly'],
    hint: 'Write the function in TypeScript: `--mode jit` compiles the whole program to WebAssembly.',
    why: 'Bytes that are compiled while the program runs are code that was never checked. The program itself becomes WebAssembly, with limits that such a module would not have.',
    before: `export async function main(bytes: number[]): Promise<boolean> {
  return WebAssembly.validate(bytes as never)
}`,
    after: `export function main(bytes: number[]): boolean {
  return [0, 97, 115, 109].every((byte, i) => bytes[i] === byte)
}`,
  },
} as const satisfies Record<string, RefusalRow>
