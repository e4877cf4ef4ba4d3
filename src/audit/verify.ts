import { diagnostic, hashLeaf, type Code, type Diagnostic } from '../base/index.ts'
import { openCheckpoint, type Checkpoint } from './checkpoint.ts'
import type { Range } from './entry.ts'
import { Frontier } from './frontier.ts'
import type { NoteVerifier } from './note.ts'
import { addTo, countIn, rangesText, union, without } from './ranges.ts'
import type { LogSource, SourceEntry } from './source.ts'
import { CHECKPOINT_FILE } from './source-folder.ts'
import { TileCheck } from './tile-check.ts'

/** What was found. Without `problems` the log is the one that the checkpoints were made for. */
export type LogReport = {
  readonly size: number
  /** Base64, as in checkpoints. */
  readonly root: string
  readonly redacted: number
  /** The size of the checkpoint from elsewhere; what came later only the log's own checkpoint covers. */
  readonly external: number | undefined
  readonly problems: readonly Diagnostic[]
}

type VerifyOptions = {
  readonly verifier: NoteVerifier
  /** A checkpoint that was kept elsewhere. */
  readonly checkpoint?: string
  /** Told now and then how many entries were read. */
  readonly onProgress?: (entries: number) => void
}

/** Problems that are told; one altered byte can make many. */
const PROBLEMS_MAX = 100
const PROGRESS_EVERY = 10_000

/**
 * Checks a log from its entries alone: the tree is made again from every one of them, and compared with the signed checkpoints;
 * what is kept of the tree is compared with it and never relied on. Rejects only when the source cannot be read.
 */
export async function verifyLog(source: LogSource, options: VerifyOptions): Promise<LogReport> {
  const check = new LogCheck(options)
  const own = check.open(source.checkpoint, 'the checkpoint of the log')
  const external = options.checkpoint === undefined ? undefined : check.open(options.checkpoint, 'the given checkpoint')
  const tiles = new TileCheck(source, (message) => check.add('ANRF5100', message))
  const wanted = [own, external].filter((one) => one !== undefined)
  check.compare(wanted)
  for await (const one of source.entries()) {
    await tiles.append(check.read(one))
    check.compare(wanted)
    if (check.size % PROGRESS_EVERY === 0) options.onProgress?.(check.size)
  }
  await tiles.finish()
  return check.finish(source, { own, external })
}

class LogCheck {
  readonly #edge = Frontier.empty()
  readonly #erased: [number, number][] = []
  readonly #redacted: Range[] = []
  readonly #problems: Diagnostic[] = []
  readonly #verifier: NoteVerifier

  constructor({ verifier }: VerifyOptions) {
    this.#verifier = verifier
  }

  get size(): number {
    return this.#edge.size
  }

  add(code: Code, message: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push(diagnostic(code, { message }))
  }

  open(note: string | undefined, what: string): Checkpoint | undefined {
    if (note === undefined) return undefined
    const opened = openCheckpoint(note, this.#verifier)
    if ('checkpoint' in opened) return opened.checkpoint
    this.add('ANRF5101', `${what}: ${opened.problem}`)
    return undefined
  }

  /** Appends an entry; the nodes of the tree that are full by it. */
  read({ sequence, leaf, read }: SourceEntry): ReturnType<Frontier['append']> {
    const at = this.size
    if (sequence !== at) this.add('ANRF5100', `entry ${sequence} stands where entry ${at} belongs`)
    if ('problem' in read) this.add('ANRF5104', `entry ${at}: ${read.problem}`)
    else {
      if (!read.sealed) addTo(this.#erased, at)
      for (const range of read.redacts ?? []) this.#redact(range, at)
    }
    return this.#edge.append(hashLeaf(leaf))
  }

  #redact(range: Range, at: number): void {
    if (range[1] >= at) this.add('ANRF5104', `entry ${at}: it redacts entries that are not before it`)
    this.#redacted.push(range)
  }

  /** Compares the root with the checkpoints that are of this size. */
  compare(checkpoints: readonly Checkpoint[]): void {
    for (const { size, root } of checkpoints)
      if (size === this.size && !root.equals(this.#edge.root()))
        this.add('ANRF5100', `the first ${size} entries are not those that a checkpoint was signed for`)
  }

  finish(source: LogSource, { own, external }: Record<'own' | 'external', Checkpoint | undefined>): LogReport {
    const { size } = this
    this.#finishSizes(source, own, external)
    const redacted = union(this.#redacted)
    const unexplained = without(this.#erased, redacted)
    if (unexplained.length > 0)
      this.add('ANRF5105', `what entries ${rangesText(unexplained)} sealed is gone, and no entry redacts it`)
    const kept = without(redacted, this.#erased)
    if (kept.length > 0)
      this.add('ANRF5104', `what entries ${rangesText(kept)} sealed is there although it was redacted`)
    return {
      size,
      root: this.#edge.root().toString('base64'),
      redacted: countIn(this.#erased),
      external: external?.size,
      problems: this.#problems,
    }
  }

  #finishSizes(source: LogSource, own: Checkpoint | undefined, external: Checkpoint | undefined): void {
    const { size } = this
    if (external && external.size > size)
      this.add('ANRF5103', `the log has ${size} entries, and had ${external.size} when the given checkpoint was signed`)
    if (own && external && own.size < external.size)
      this.add('ANRF5103', `the checkpoint of the log is of ${own.size} entries, older than the given one`)
    if (own && own.size > size)
      this.add('ANRF5103', `the log has ${size} entries, and had ${own.size} when its checkpoint was signed`)
    if (own && own.size < size) this.add('ANRF5100', `no checkpoint covers the entries from ${own.size} on`)
    if (source.checkpoint === undefined && size > 0)
      this.add('ANRF5101', `the log has entries and no checkpoint (the file ${CHECKPOINT_FILE} of an export)`)
    if (source.edge && (source.edge.size !== size || source.edge.peaks !== this.#edge.encode()))
      this.add('ANRF5100', 'the right edge of the tree that is kept is not that of the entries')
  }
}
