import { Type } from 'typebox'
import { Value } from 'typebox/value'
import {
  diagnostic,
  LIMIT_NAMES,
  LIMITS,
  MODE_CHOICES,
  readJson,
  type Diagnostic,
  type Encoded,
  type ExecutionUsage,
  type Limits,
  type Mode,
  type Outcome,
} from '../base/index.ts'
import { checkArguments, loadProgram } from '../engine/index.ts'
import type { JournalEntry, World } from '../effects/index.ts'

import type { PolicyFacts } from './receipt.ts'

const FORMAT = 'anrf-recording/1'
/** Encoded values nest at most 200 deep, each level of up to three of JSON. */
const DEPTH_MAX = 2000

/** An execution with all that it takes to do it again, on any machine and in any mode. */
export type Recording = {
  readonly format: typeof FORMAT
  readonly executionId: string
  /** What ran: the identity of the document, absent for a run of source; its name and version, where it has them. */
  readonly document?: string
  readonly name?: string
  /** The encoded IR in base64. */
  readonly program: string
  readonly entry: string
  readonly args: readonly Encoded[]
  readonly mode: Mode
  readonly limits: Limits
  readonly world: World
  readonly isolation: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly outcome: Outcome
  readonly logs: readonly string[]
  readonly usage: ExecutionUsage
  readonly journal: readonly JournalEntry[]
  /** Of an execution of a service: with what it was allowed to run. */
  readonly policy?: PolicyFacts
}

const Count = Type.Integer({ minimum: 0 })
const Text = Type.String()

const Entry = Type.Object({
  sequence: Count,
  name: Text,
  args: Text,
  order: Type.Optional(Count),
  elapsed: Type.Optional(Count),
  text: Type.Optional(Text),
  used: Type.Optional(Type.Object({ fuel: Count, allocation: Count, effects: Count })),
  cancelled: Type.Optional(Type.Literal(true)),
})

/** What a reader relies on; the outcome and the usage are only compared. */
const RecordingSchema = Type.Object({
  format: Type.Literal(FORMAT),
  executionId: Text,
  document: Type.Optional(Text),
  name: Type.Optional(Text),
  program: Text,
  entry: Text,
  args: Type.Array(Type.Unknown()),
  mode: Type.Enum(MODE_CHOICES.filter((mode) => mode !== 'auto')),
  limits: Type.Object(
    Object.fromEntries(LIMIT_NAMES.map((name) => [name, Type.Integer({ minimum: 1, maximum: LIMITS[name].ceiling })])),
  ),
  world: Type.Object({ time: Count, seed: Count }),
  isolation: Text,
  startedAt: Text,
  finishedAt: Text,
  outcome: Type.Object({ kind: Text }),
  logs: Type.Array(Text),
  usage: Type.Record(Text, Type.Number()),
  journal: Type.Array(Entry),
  policy: Type.Optional(Type.Object({ revision: Text, profile: Text, overrides: Type.Array(Text) })),
})

/** A recording as text, for {@link readRecording}. */
export function writeRecording(recording: Omit<Recording, 'format'>): string {
  return `${JSON.stringify({ format: FORMAT, ...recording })}\n`
}

/** Reads a recording, which may be anything. */
export function readRecording(bytes: Uint8Array): Recording | { readonly diagnostics: readonly Diagnostic[] } {
  const json = readJson(bytes, DEPTH_MAX)
  if (!json.ok)
    return { diagnostics: [diagnostic('ANRF4004', { message: `the recording is no JSON: ${json.message}` })] }
  if (Value.Check(RecordingSchema, json.value)) return checkCall(json.value as unknown as Recording)
  const diagnostics = Value.Errors(RecordingSchema, json.value)
    .slice(0, 10)
    .map(({ instancePath, message }) => diagnostic('ANRF6001', { message, pointer: instancePath }))
  return { diagnostics }
}

/** The recording, if its program can be called as it says. */
function checkCall(recording: Recording): Recording | { readonly diagnostics: readonly Diagnostic[] } {
  const { program, entry, args } = recording
  const loaded = loadProgram(Buffer.from(program, 'base64'))
  const checked = 'diagnostics' in loaded ? loaded : checkArguments(loaded.program.module, entry, args)
  if (!('diagnostics' in checked)) return recording
  const place = 'diagnostics' in loaded ? '/program' : '/args'
  return { diagnostics: checked.diagnostics.map((found) => ({ ...found, pointer: `${place}${found.pointer ?? ''}` })) }
}
