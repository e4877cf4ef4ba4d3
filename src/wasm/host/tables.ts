import { dictKeys, hasProperty, inherited, inherits, isInherited, Table } from '../../values/index.ts'
import { NO_SLOT, SENTINEL } from '../layout/values.ts'

/**
 * The host's half of a table of compiled code: it finds the slot of a key and keeps the order of the entries; compiled
 * code keeps the values, by slot. Keys are numbers, strings, undefined, null, booleans, and references of compiled code.
 */
export class SlotTable extends Table<number> {
  readonly #free: number[] = []
  #slots = 0

  /** The slot of a key, as its complement when the key is new. */
  place(key: unknown): number {
    const known = this.get(key)
    if (known !== undefined) return known
    const slot = this.#free.pop() ?? this.#slots++
    this.set(key, slot)
    return ~slot
  }

  /** Takes an entry out; its slot, or -1. */
  remove(key: unknown): number {
    const entry = this.delete(key)
    if (!entry) return -1
    this.#free.push(entry.value)
    return entry.value
  }

  override clear(): void {
    super.clear()
    this.#free.length = 0
    this.#slots = 0
  }
}

const KINDS = ['map', 'set', 'dict'] as const
const WORDS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [undefined, SENTINEL.undefined],
  [null, SENTINEL.null],
  [false, SENTINEL.false],
  [true, SENTINEL.true],
])
const BY_WORD = new Map([...WORDS].map(([value, word]) => [word, value]))

/** What a key of the host is in compiled code, see `KEY` in runtime/tables.ts; a word is its sentinel. */
const KEY_OTHER = 0
const KEY_NUMBER = 1

/** What compiled code asks of the host for its tables, by the names of lower/imports.ts. */
export const TABLE_SERVICES = {
  'table new': (kind: number) => new SlotTable(KINDS[kind]!),
  'dict bare': () => new SlotTable('dict', true),
  'table size': (table: SlotTable) => table.size,
  'table has': (table: SlotTable, key: unknown) => (table.has(key) ? 1 : 0),
  'table find': (table: SlotTable, key: unknown) => table.get(key) ?? -1,
  'table find property': (table: SlotTable, key: unknown) => {
    const slot = table.get(key)
    if (slot === undefined && isInherited(key) && inherits(table)) throw inherited()
    return slot ?? -1
  },
  'dict in': (table: SlotTable, key: unknown) => (hasProperty(table, key) ? 1 : 0),
  'table place': (table: SlotTable, key: unknown) => table.place(key),
  'table place property': (table: SlotTable, key: unknown) =>
    key === '__proto__' && inherits(table) ? ~NO_SLOT : table.place(key),
  'table remove': (table: SlotTable, key: unknown) => table.remove(key),
  'table clear': (table: SlotTable) => table.clear(),
  'table next': (table: SlotTable, position: number) => table.next(position),
  'table key at': (table: SlotTable, position: number) => table.keyAt(position),
  'table slot at': (table: SlotTable, position: number) => table.valueAt(position),
  'table keys': (table: SlotTable) => dictKeys(table),
  'key of number': (x: number) => x,
  'key of word': (word: number) => BY_WORD.get(word),
  'kind of key': (key: unknown) => (typeof key === 'number' ? KEY_NUMBER : (WORDS.get(key) ?? KEY_OTHER)),
  'number of key': (key: number) => key,
} as const
