import assert from 'node:assert/strict'
import { parseVerifier, proveConsistency, type NoteVerifier } from '../../src/audit/index.ts'
import { openCheckpoint } from '../../src/audit/checkpoint.ts'
import type { Query, Row } from '../../src/store/index.ts'
import { isConsistent } from '../audit/check-proofs.ts'
import type { Part } from './acknowledged.ts'

type EntryRow = Row & { readonly sequence: number; readonly action: string; readonly subject: string }

/**
 * The audit log as an auditor follows it, who kept its checkpoints: each is proved to be the beginning of the log that is there
 * now, by a proof that is checked with the algorithm of RFC 9162. What was read once is therefore never read again.
 */
export class Trail {
  readonly #verifier: NoteVerifier
  readonly #seen = new Map<string, number>()
  #size = 0

  constructor(keyText: string) {
    const verifier = parseVerifier(keyText)
    if (!verifier) throw new Error('the key of the audit log is malformed')
    this.#verifier = verifier
  }

  get size(): number {
    return this.#size
  }

  /** Reads what is new in the log, and proves that it begins with what each of these checkpoints was signed for. */
  async follow(query: Query, checkpoints: readonly string[]): Promise<void> {
    const [head] = await query<Row & { readonly checkpoint: string }>('select checkpoint from audit_head where id = 0')
    assert.ok(head, 'the audit log has no head')
    const now = this.#open(head.checkpoint)
    for (const kept of checkpoints.map((text) => this.#open(text))) {
      assert.ok(kept.size <= now.size, `the audit log has ${now.size} entries, and had ${kept.size} before the kill`)
      const proof = await proveConsistency(query, kept.size, now.size)
      assert.ok(
        isConsistent(kept, now, proof),
        `the first ${kept.size} entries of the audit log are not those of before`,
      )
    }
    await this.#read(query)
    assert.equal(this.#size, now.size, 'the checkpoint of the audit log is not of all its entries')
  }

  /** Each deed that was acknowledged has one entry. */
  checkDeeds({ deeds }: Pick<Part, 'deeds'>): void {
    for (const { action, subject } of deeds) {
      const count = this.count(action, subject)
      assert.equal(count, 1, `${action} of ${subject} was acknowledged and has ${count} entries in the audit log`)
    }
  }

  count(action: string, subject: string): number {
    return this.#seen.get(`${action} ${subject}`) ?? 0
  }

  async #read(query: Query): Promise<void> {
    const text = 'select sequence, action, subject from audit_entry where sequence >= ? order by sequence'
    for (const { sequence, action, subject } of await query<EntryRow>(text, [this.#size])) {
      assert.equal(sequence, this.#size, `entry ${this.#size} of the audit log is gone`)
      this.#size++
      this.#seen.set(`${action} ${subject}`, this.count(action, subject) + 1)
    }
  }

  #open(text: string): { readonly size: number; readonly root: Buffer } {
    const opened = openCheckpoint(text, this.#verifier)
    if ('problem' in opened) throw new assert.AssertionError({ message: `a checkpoint: ${opened.problem}` })
    return opened.checkpoint
  }
}
