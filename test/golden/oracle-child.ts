// The process in which Node itself runs the programs of the golden and example tests. One JSON line per
// program comes in on stdin, one JSON line with the outcome of each call goes out, in order.
import { Console } from 'node:console'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import { LIBRARY_FILES } from '../../src/front/library-files.ts'
import { decodeValue, encodeValue } from './encode.ts'
import type { NodeJob, NodeOutcome } from './oracle.ts'
import { scriptedWorld } from './scripted-world.ts'
import { VirtualTimers } from './virtual-timers.ts'

const say = process.stdout.write.bind(process.stdout)
const fail = process.stderr.write.bind(process.stderr)
const sources = new Map<string, string>()
let logs: string[] = []
/** What Node keeps of a stack. */
const STACK_FRAMES = 10

registerHooks({
  resolve(specifier, context, next) {
    if (/^(program|anrf):/.test(specifier)) return { url: specifier, format: 'module', shortCircuit: true }
    const parent = context.parentURL ?? ''
    if (!parent.startsWith('program:')) return next(specifier, context)
    return { url: new URL(specifier, parent).href, format: 'module', shortCircuit: true }
  },
  load(url, context, next) {
    if (url.startsWith('anrf:')) return { format: 'module', source: moduleSource(url), shortCircuit: true }
    if (!url.startsWith('program:')) return next(url, context)
    const source = sources.get(url)
    if (source === undefined) throw new Error(`no file ${url}`)
    return { format: 'module', source, shortCircuit: true }
  },
})

/** A module of effects as the library has it: Node runs it over the same scripted world. */
function moduleSource(url: string): string {
  const found = LIBRARY_FILES.modules.find(({ name }) => name === url)
  if (!found) throw new Error(`no module ${url}`)
  return stripTypeScriptTypes(readFileSync(found.url, 'utf8'))
}

let world = scriptedWorld()

Object.assign(globalThis, {
  effect: (name: string, args: string): Promise<string> => {
    const text = world.answer(name, args)
    return new Promise((resolve) => globalThis.setTimeout(resolve, world.delay(name, args), text))
  },
})

/** Erases the types; enums and parameter properties, which erasing cannot express, go through the compiler. */
async function toJavaScript(source: string): Promise<string> {
  try {
    return stripTypeScriptTypes(source)
  } catch {
    const { default: ts } = await import('typescript')
    return ts.transpileModule(source, {
      compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    }).outputText
  }
}

let rejected: unknown[] = []
let isCalling = false
process.on('unhandledRejection', (reason) => rejected.push(reason))

/** Those of the call that runs, where time is virtual. */
let virtual: VirtualTimers | undefined
const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis

function setTime(isVirtual: boolean): void {
  virtual = isVirtual ? new VirtualTimers() : undefined
  if (virtual) virtual.install()
  else Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval })
}

const isWaiting = (): boolean => process.getActiveResourcesInfo().includes('Timeout')

/** When no job and no timer is left; fails with what was rejected and nobody waited for, which ends a process of Node. */
async function jobsDone(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (rejected.length === 0 && (virtual ? virtual.runNext() : isWaiting()))
  if (rejected.length > 0) throw rejected[0]
}

/** What an entry came to when no job is left. Node ends a process whose main promise is still pending with exit code 13. */
async function settled(value: unknown): Promise<unknown> {
  if (!(value instanceof Promise)) {
    await jobsDone()
    return value
  }
  let end: () => unknown = () => {
    throw new Error('the promise never settles')
  }
  value.then(
    (result: unknown) => (end = (): unknown => result),
    (error: unknown) =>
      (end = (): never => {
        throw error
      }),
  )
  await jobsDone()
  return end()
}

type Exports = Record<string, (...args: unknown[]) => unknown>

const IMPORT = /^import \{ (.*) \} from '(anrf:\w+)';?$/gm

/** The exports of a program that runs as a function: its exported functions. It imports modules of the library only. */
async function functionOf(text: string): Promise<() => Exports> {
  const imports: Record<string, unknown> = {}
  for (const [, , name] of text.matchAll(IMPORT)) imports[name!] = await import(name!)
  const names = [...text.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name)
  const inside = text
    .replace(/^export /gm, '')
    .replaceAll(IMPORT, (_, list: string, name: string) => `const { ${list.replaceAll(' as ', ': ')} } = imports['${name}']`)
  const run = compileFunction(`'use strict'\n${inside}\nreturn { ${names.join(', ')} }`, ['imports'])
  return () => run(imports) as Exports
}

async function runCall(
  job: NodeJob,
  load: () => Promise<Exports> | Exports,
  call: NodeJob['calls'][number],
): Promise<NodeOutcome> {
  logs = []
  rejected = []
  world = scriptedWorld()
  setTime(job.hasVirtualTime === true)
  // Groups and counts of one call are not there in the next.
  globalThis.console = new Console({ stdout: process.stdout, stderr: process.stderr })
  let result: NodeOutcome
  isCalling = true
  // Errors are printed without a stack by ANRF; with an empty one Node prints them so too.
  Error.stackTraceLimit = 0
  try {
    const args = call.args.map(decodeValue)
    const program = await load()
    await jobsDone()
    const value = await settled((0, program[call.entry]!)(...args))
    result = { ok: encodeValue(value), args: args.map((x) => encodeValue(x)) }
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    result = { throw: { name, message: error instanceof Error ? error.message : String(error) } }
  }
  const printed = [...logs]
  // What was thrown ends the program; jobs that are left are no part of it, nor of the next call.
  await new Promise((resolve) => setImmediate(resolve))
  isCalling = false
  Error.stackTraceLimit = STACK_FRAMES
  return printed.length === 0 ? result : { ...result, logs: printed }
}

async function runJob(job: NodeJob, number: number): Promise<NodeOutcome[]> {
  const outcomes: NodeOutcome[] = []
  const files = await Promise.all(
    Object.entries(job.files).map(async ([path, text]) => [path, await toJavaScript(text)] as const),
  )
  if (job.isFunction) {
    const load = await functionOf(files[0]![1])
    for (const call of job.calls) outcomes.push(await runCall(job, load, call))
    return outcomes
  }
  for (const [i, call] of job.calls.entries()) {
    // Each call gets its own copy of every module: an execution starts from a fresh instance.
    const root = `program://${number}-${i}`
    for (const [path, text] of files) sources.set(`${root}/${path}`, text)
    outcomes.push(await runCall(job, () => import(`${root}/${job.main}`) as Promise<Exports>, call))
    for (const [path] of files) sources.delete(`${root}/${path}`)
  }
  return outcomes
}

const collect = (chunk: string | Uint8Array): boolean => {
  logs.push((typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)).replace(/\n$/, ''))
  return true
}
process.stdout.write = collect
process.stderr.write = collect
process.on('uncaughtException', (error) => {
  // What a timer of a program throws ends a process of Node, and here its call.
  if (isCalling) return void rejected.push(error)
  fail(`${error.stack ?? error.message}\n`)
  process.exit(1)
})

// Not node:readline, which also ends a line at U+2028.
let rest = ''
let number = 0
for await (const chunk of process.stdin.setEncoding('utf8')) {
  const lines = (rest + (chunk as string)).split('\n')
  rest = lines.pop()!
  for (const line of lines) say(`${JSON.stringify(await runJob(JSON.parse(line) as NodeJob, number++))}\n`)
}
