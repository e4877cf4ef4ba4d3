import type { OpName } from '../ir/index.ts'

/** One operation of a capability that goes through the broker. Arguments and result are JSON, described where a program imports it. */
export type EffectRow = {
  readonly doc: string
  /**
   * Whether it may be done again when the service ended before its result was kept: it changes nothing, or the other side
   * can tell by the idempotency key. What may not is reported to the program as an error whose outcome is not known.
   */
  readonly repeatable: boolean
}

type CapabilityRow = {
  readonly doc: string
  /** The operations of the IR by which a program uses it. */
  readonly ops: readonly OpName[]
  /** Operations of the broker, by their name behind the dot. */
  readonly effects: { readonly [operation: string]: EffectRow }
  /** `always`: every run has it; `grant`: only when it was granted. */
  readonly given: 'always' | 'grant'
  /** How a grant says where it may be used; absent where there is nothing to say. */
  readonly scope?: string
}

const read = (doc: string): EffectRow => ({ doc, repeatable: true })
const write = (doc: string): EffectRow => ({ doc, repeatable: false })

/** What a program can ask of the world: the only list. Tools of the host are a family, `tool:NAME`, see {@link TOOL}. */
export const CAPABILITIES = {
  approvals: {
    doc: 'ask a person, and wait for the answer as long as it takes',
    ops: [],
    effects: { request: read('asks for a decision; the run is suspended until there is one') },
    given: 'grant',
  },
  clock: {
    doc: 'read the time and wait',
    ops: ['clock.now', 'clock.elapsed'],
    effects: { sleep: read('answers after so many milliseconds') },
    given: 'always',
  },
  files: {
    doc: 'read and write files in folders that were granted',
    ops: [],
    effects: {
      read: read('the text of a file'),
      write: { doc: 'writes a file as a whole', repeatable: true },
      append: write('adds text at the end of a file'),
      list: read('names and kinds of what is in a folder'),
      stat: read('kind and size of a file or folder'),
      remove: { doc: 'removes a file', repeatable: true },
    },
    given: 'grant',
    scope: '[read:|write:]FOLDER[=NAME]',
  },
  http: {
    doc: 'send requests to servers',
    ops: [],
    effects: { fetch: write('sends a request and takes the response') },
    given: 'grant',
    scope: '[+private ][METHOD[,METHOD...] ][http[s]://]HOST[:PORT][/PATH]',
  },
  kv: {
    doc: 'keep values between runs, in a space of the program',
    ops: [],
    effects: {
      get: read('the value of a key'),
      set: { doc: 'gives a key a value', repeatable: true },
      delete: { doc: 'takes a key away', repeatable: true },
      list: read('the keys that begin with a prefix'),
      compareAndSet: write('gives a key a value if it has the one that is expected'),
    },
    given: 'grant',
  },
  log: { doc: 'write lines to the log of the execution', ops: ['log', 'log.list'], effects: {}, given: 'always' },
  programs: {
    doc: 'run other published programs',
    ops: [],
    effects: { call: write('runs an entry of a program under limits of its own') },
    given: 'grant',
    scope: 'NAME[@RANGE]',
  },
  random: { doc: 'take random numbers', ops: ['random.next'], effects: {}, given: 'always' },
  secrets: {
    doc: 'name secrets, which the broker fills in where they are sent',
    ops: [],
    effects: {
      use: read(
        'a placeholder that stands for a secret in requests to its hosts; the secret itself never enters the run',
      ),
    },
    given: 'grant',
    scope: 'NAME',
  },
} as const satisfies Record<string, CapabilityRow>

export type CapabilityName = keyof typeof CAPABILITIES

/** Capabilities of the form `tool:NAME`: tools that the host describes by JSON Schema. Each has its own operations. */
export const TOOL: { readonly prefix: string; readonly doc: string; readonly effect: EffectRow } = {
  prefix: 'tool:',
  doc: 'use a tool of the host',
  effect: write('calls the tool'),
}
