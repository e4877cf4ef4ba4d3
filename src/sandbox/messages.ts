import {
  CODES,
  LIMIT_NAMES,
  LIMITS,
  readJson,
  TRAPS,
  type Diagnostic,
  type Encoded,
  type ExecutionUsage,
  type Frame,
  type Limits,
  type Outcome,
  type Usage,
} from '../base/index.ts'
import type { World } from '../effects/index.ts'

/** The levels of a log line; on the wire a level is its index here. */
export const LOG_LEVELS = ['log', 'info', 'debug', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What a worker is asked to run. `programId` is `programIdOf` the bytes that it may ask for with `need`. */
export type RunMessage = {
  readonly programId: string
  readonly entry: string
  readonly args: readonly Encoded[]
  readonly limits: Limits
  readonly mode: string
  readonly world: World
}

/** `bringsProgram`: a frame with the program follows, which then is not asked for. */
export type ReceivedRun = RunMessage & { readonly bringsProgram: boolean }

/** What the worker says that a run used; the parent adds what only it can know. */
export type WorkerUsage = Usage & Pick<ExecutionUsage, 'cpuMs' | 'peakBytes'>

/** How a run ended, as the worker says. `args` are the arguments after the call. */
export type ResultMessage = {
  readonly outcome: Outcome
  readonly args?: readonly Encoded[]
  readonly usage: WorkerUsage
  /** Whether the run read clock or chance. */
  readonly readsWorld: boolean
}

/** Nothing used; its members are those of every usage. */
export const NO_USAGE: WorkerUsage = {
  fuel: 0,
  allocatedBytes: 0,
  depthMax: 0,
  logBytes: 0,
  wallMs: 0,
  cpuMs: 0,
  peakBytes: 0,
}

const USAGE_NAMES = Object.keys(NO_USAGE) as (keyof WorkerUsage)[]
/** The numbers of a result frame: the usage in this order, and whether the world was read. */
const RESULT_NUMBERS = USAGE_NAMES.length + 1

/** The numbers of a run frame: the limits in the order of their table, time and seed, and whether the program follows. */
const RUN_NUMBERS = LIMIT_NAMES.length + 3

/** The payload of a run frame: what are numbers, then the rest as JSON. */
export function writeRunMessage({ limits, world, ...rest }: RunMessage, bringsProgram: boolean): Buffer {
  let at = 0
  for (const name of LIMIT_NAMES) numbers[at++] = limits[name]
  numbers[at++] = world.time
  numbers[at++] = world.seed
  numbers[at++] = Number(bringsProgram)
  return writePayload(at, JSON.stringify(rest))
}

/** Reads what the parent asks for, which is trusted. */
export function readRunMessage(payload: Buffer): ReceivedRun {
  const text = readPayload(RUN_NUMBERS, payload).toString()
  const limits: Record<string, number> = {}
  let at = 0
  for (const name of LIMIT_NAMES) limits[name] = numbers[at++]!
  const world = { time: numbers[at]!, seed: numbers[at + 1]! }
  const bringsProgram = numbers[at + 2] === 1
  const rest = JSON.parse(text) as Omit<RunMessage, 'limits' | 'world'>
  return { ...rest, limits: limits as Limits, world, bringsProgram }
}

/** The payload of a result frame: what was used and whether the world was read, as numbers, then the rest as JSON. */
export function writeResultMessage({ outcome, args, usage, readsWorld }: ResultMessage): Buffer {
  let at = 0
  for (const name of USAGE_NAMES) numbers[at++] = usage[name]
  numbers[at++] = Number(readsWorld)
  return writePayload(at, JSON.stringify({ outcome, args }))
}

/**
 * The numbers at the head of a payload while it is written or read: text of them takes longer to read than a small run. In the byte order
 * of the machine, which both ends of the wire are on.
 */
const numbers = new Float64Array(Math.max(RUN_NUMBERS, RESULT_NUMBERS))
const numberBytes = Buffer.from(numbers.buffer)

/** The first `count` numbers, then text. */
function writePayload(count: number, text: string): Buffer {
  const headBytes = count * numbers.BYTES_PER_ELEMENT
  const payload = Buffer.allocUnsafe(headBytes + Buffer.byteLength(text))
  numberBytes.copy(payload, 0, 0, headBytes)
  payload.write(text, headBytes)
  return payload
}

/** Takes `count` numbers; what follows them. */
function readPayload(count: number, payload: Buffer): Buffer {
  const headBytes = count * numbers.BYTES_PER_ELEMENT
  payload.copy(numberBytes, 0, 0, headBytes)
  return payload.subarray(headBytes)
}

/** An encoded value nests at most 200 deep and each level may cost three of JSON (a Map is an object of a list of pairs). */
const MESSAGE_DEPTH_MAX = 2000

/** Reads an answer of a worker, which is untrusted: every member that the parent or its clients look at is checked. */
export function readResultMessage(payload: Buffer): ResultMessage | undefined {
  if (payload.length < RESULT_NUMBERS * numbers.BYTES_PER_ELEMENT) return undefined
  const json = readJson(readPayload(RESULT_NUMBERS, payload), MESSAGE_DEPTH_MAX)
  const usage: Record<string, number> = {}
  let at = 0
  for (const name of USAGE_NAMES) {
    const count = numbers[at++]!
    if (!isCount(count)) return undefined
    usage[name] = count
  }
  const flag = numbers[at]
  if ((flag !== 0 && flag !== 1) || !json.ok || !isObject(json.value)) return undefined
  const { outcome, args } = json.value
  if (!isOutcome(outcome)) return undefined
  const message = { outcome, usage: usage as WorkerUsage, readsWorld: flag === 1 }
  if (args === undefined) return message
  return Array.isArray(args) ? { ...message, args: args as Encoded[] } : undefined
}

/** Reads the payload of a log frame. */
export function readLogLine(payload: Buffer): { level: LogLevel; line: string } | undefined {
  const level = LOG_LEVELS[payload[0] ?? -1]
  return level && { level, line: payload.toString('utf8', 1) }
}

function isOutcome(value: unknown): value is Outcome {
  if (!isObject(value)) return false
  switch (value.kind) {
    case 'returned':
      return Object.hasOwn(value, 'value')
    case 'threw':
      return isThrown(value.error) && isStack(value.stack)
    case 'trapped':
      return isKeyOf(TRAPS, value.trap) && isText(value.message) && isStack(value.stack)
    case 'limited':
      return isKeyOf(LIMITS, value.limit) && isText(value.message) && isStack(value.stack)
    case 'refused':
      return Array.isArray(value.diagnostics) && value.diagnostics.every(isDiagnostic)
    case 'crashed':
      return isText(value.message)
    default:
      // `cancelled` and `expired` are for the parent to say.
      return false
  }
}

function isThrown(value: unknown): boolean {
  return isObject(value) && isText(value.name) && isText(value.message) && Object.hasOwn(value, 'value')
}

function isStack(value: unknown): value is readonly Frame[] {
  return (
    Array.isArray(value) &&
    value.every((frame) => isObject(frame) && isText(frame.function) && isOptional(frame.location, isLocation))
  )
}

function isLocation(value: unknown): boolean {
  return isObject(value) && isText(value.path) && isPosition(value.start) && isPosition(value.end)
}

function isPosition(value: unknown): boolean {
  return isObject(value) && isCount(value.line) && isCount(value.column)
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return (
    isObject(value) &&
    isKeyOf(CODES, value.code) &&
    (value.severity === 'error' || value.severity === 'warning' || value.severity === 'note') &&
    isText(value.message) &&
    isOptional(value.hint, isText) &&
    isOptional(value.pointer, isText) &&
    isOptional(value.feature, isText) &&
    isOptional(value.location, isLocation) &&
    isOptional(value.labels, isLabels) &&
    isOptional(value.excerpt, isExcerpt)
  )
}

function isExcerpt(value: unknown): boolean {
  return isObject(value) && isCount(value.firstLine) && Array.isArray(value.lines) && value.lines.every(isText)
}

function isLabels(value: unknown): boolean {
  return Array.isArray(value) && value.every((l) => isObject(l) && isText(l.text) && isLocation(l.location))
}

/** What a run used that the worker has no part in: it is counted where effects happen. */
export const NO_EFFECTS = {
  effects: 0,
  bytesIn: 0,
  bytesOut: 0,
  nestedFuel: 0,
  nestedAllocatedBytes: 0,
  nestedEffects: 0,
  nestedBytes: 0,
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
/** JSON has numbers that are infinite once they are read. */
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 2 ** 53
const isKeyOf = (table: object, value: unknown): boolean => typeof value === 'string' && Object.hasOwn(table, value)
const isOptional = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value)
