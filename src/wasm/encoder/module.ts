import { ByteWriter } from './bytes.ts'
import { Code, type BranchHint } from './code.ts'
import { writeSubType, type SubType, type ValType } from './types.ts'

const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  global: 6,
  export: 7,
  element: 9,
  code: 10,
  tag: 13,
} as const
const KIND = { func: 0, memory: 2, global: 3, tag: 4 } as const

type Import = { readonly module: string; readonly name: string; readonly type: number }
type GlobalDef = { readonly type: ValType; readonly mutable: boolean; readonly init: (code: Code) => void }
type ImportedMemory = { readonly module: string; readonly name: string }
type ImportedGlobal = { readonly module: string; readonly name: string; readonly type: ValType }

/** A function of the module: its type, its name for stack traces, and its body. */
export type FuncDef = { readonly type: number; readonly name: string; readonly code: Code }

/** Where the instructions of a function came to lie in the module. */
export type CodePlace = { readonly func: number; readonly start: number }

/**
 * A WebAssembly module being put together. Imports are numbered before definitions, so all functions and globals are imported
 * before the first type, function or global is added. Types of imports stand alone, all others are one recursive group.
 */
export class ModuleWriter {
  /** Function types each in a group of its own, as the builtins of the host want them. */
  #hostTypeCount = 0
  readonly #types: SubType[] = []
  readonly #typeIndex = new Map<string, number>()
  readonly #imports: Import[] = []
  readonly #importedGlobals: ImportedGlobal[] = []
  readonly #importedMemories: ImportedMemory[] = []
  readonly #funcs: (FuncDef | undefined)[] = []
  readonly #globals: GlobalDef[] = []
  readonly #exports: { readonly name: string; readonly kind: number; readonly index: number }[] = []
  readonly #tags: number[] = []
  readonly #referenced = new Set<number>()

  /** Adds a type to the one recursive group of the module; types are distinct although they look alike. */
  addType(type: SubType): number {
    return this.#types.push(type) - 1
  }

  /** Keeps a place for a type that refers to itself. */
  reserveType(): number {
    return this.#types.push({ kind: 'struct', fields: [] }) - 1
  }

  setType(index: number, type: SubType): void {
    this.#types[index] = type
  }

  /** A function type; equal ones are one type. */
  funcType(params: readonly ValType[], results: readonly ValType[]): number {
    const key = `${params.join(';')}>${results.join(';')}`
    const known = this.#typeIndex.get(key)
    if (known !== undefined) return known
    const index = this.addType({ kind: 'func', params, results })
    this.#typeIndex.set(key, index)
    return index
  }

  /** A type that stands alone, as the host knows it; to be added before the first import whose type names it. */
  addHostType(type: SubType): number {
    const index = this.addType(type)
    this.#hostTypeCount = this.#types.length
    return index
  }

  importFunc(module: string, name: string, params: readonly ValType[], results: readonly ValType[]): number {
    const type = this.funcType(params, results)
    this.#hostTypeCount = this.#types.length
    return this.#imports.push({ module, name, type }) - 1
  }

  importGlobal(module: string, name: string, type: ValType): number {
    return this.#importedGlobals.push({ module, name, type }) - 1
  }

  /** The memory of the module, of one page. */
  importMemory(module: string, name: string): void {
    this.#importedMemories.push({ module, name })
  }

  /** Number of a function whose body comes later. */
  reserveFunc(): number {
    return this.#imports.length + this.#funcs.push(undefined) - 1
  }

  setFunc(index: number, def: FuncDef): void {
    this.#funcs[index - this.#imports.length] = def
  }

  addGlobal(type: ValType, mutable: boolean, init: (code: Code) => void): number {
    return this.#importedGlobals.length + this.#globals.push({ type, mutable, init }) - 1
  }

  addTag(type: number): number {
    return this.#tags.push(type) - 1
  }

  /** Makes a function one that `ref.func` may name. */
  declareRef(func: number): void {
    this.#referenced.add(func)
  }

  export(name: string, kind: keyof typeof KIND, index: number): void {
    this.#exports.push({ name, kind: KIND[kind], index })
  }

  /** The module in the binary format, and where the bodies lie in it. */
  finish(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly places: readonly CodePlace[] } {
    const out = new ByteWriter()
    out.raw([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
    section(out, SECTION.type, (s) => this.#writeTypes(s))
    section(out, SECTION.import, (s) => this.#writeImports(s))
    section(out, SECTION.function, (s) => vector(s, this.#funcs, (def) => s.u32(def!.type)))
    section(out, SECTION.tag, (s) =>
      vector(s, this.#tags, (type) => {
        s.u8(0)
        s.u32(type)
      }),
    )
    section(out, SECTION.global, (s) => vector(s, this.#globals, (global) => writeGlobal(s, global)))
    section(out, SECTION.export, (s) =>
      vector(s, this.#exports, ({ name, kind, index }) => {
        s.name(name)
        s.u8(kind)
        s.u32(index)
      }),
    )
    section(out, SECTION.element, (s) => this.#writeDeclarations(s))
    const places = this.#writeCode(out)
    section(out, SECTION.custom, (s) => this.#writeNames(s))
    return { bytes: out.bytes.slice(), places }
  }

  #writeTypes(out: ByteWriter): void {
    const count = this.#hostTypeCount
    out.u32(count + 1)
    for (const type of this.#types.slice(0, count)) writeSubType(out, type)
    out.u8(0x4e)
    vector(out, this.#types.slice(count), (type) => writeSubType(out, type))
  }

  #writeImports(out: ByteWriter): void {
    out.u32(this.#imports.length + this.#importedGlobals.length + this.#importedMemories.length)
    for (const { module, name, type } of this.#imports) {
      out.name(module)
      out.name(name)
      out.u8(KIND.func)
      out.u32(type)
    }
    for (const { module, name, type } of this.#importedGlobals) {
      out.name(module)
      out.name(name)
      out.u8(KIND.global)
      out.raw(type)
      out.u8(0)
    }
    for (const { module, name } of this.#importedMemories) {
      out.name(module)
      out.name(name)
      out.raw([KIND.memory, 1, 1, 1])
    }
  }

  /** A declarative segment: `ref.func` may only name functions that stand somewhere outside of the code. */
  #writeDeclarations(out: ByteWriter): void {
    const funcs = [...this.#referenced]
    out.u32(1)
    out.u8(3)
    out.u8(0)
    vector(out, funcs, (func) => out.u32(func))
  }

  #writeCode(out: ByteWriter): CodePlace[] {
    const bodies = new ByteWriter()
    bodies.u32(this.#funcs.length)
    const written = this.#funcs.map((def, i) => ({ func: this.#imports.length + i, ...def!.code.finish(bodies) }))
    section(out, SECTION.custom, (s) => writeHints(s, written))
    out.u8(SECTION.code)
    out.u32(bodies.length)
    const base = out.length
    out.raw(bodies.bytes)
    return written.map(({ func, start }) => ({ func, start: base + start }))
  }

  /** Names of functions, for stack traces and profilers (core spec appendix, name section). */
  #writeNames(out: ByteWriter): void {
    out.name('name')
    const names = new ByteWriter()
    vector(names, this.#funcs, (def, i) => {
      names.u32(this.#imports.length + i)
      names.name(def!.name)
    })
    out.u8(1)
    out.sized(names.bytes)
  }
}

/** Which branches are likely taken, by function (WebAssembly, "Branch Hinting"). What does not know the section passes it over. */
function writeHints(
  out: ByteWriter,
  bodies: readonly { readonly func: number; readonly hints: readonly BranchHint[] }[],
): void {
  out.name('metadata.code.branch_hint')
  vector(
    out,
    bodies.filter(({ hints }) => hints.length > 0),
    ({ func, hints }) => {
      out.u32(func)
      vector(out, hints, ({ offset, isLikely }) => {
        out.u32(offset)
        out.u32(1)
        out.u8(isLikely ? 1 : 0)
      })
    },
  )
}

function writeGlobal(out: ByteWriter, { type, mutable, init }: GlobalDef): void {
  out.raw(type)
  out.u8(mutable ? 1 : 0)
  const code = new Code(0)
  init(code)
  out.raw(code.instructions())
  out.u8(0x0b)
}

function section(out: ByteWriter, id: number, write: (section: ByteWriter) => void): void {
  const content = new ByteWriter()
  write(content)
  out.u8(id)
  out.sized(content.bytes)
}

function vector<T>(out: ByteWriter, items: readonly T[], write: (item: T, index: number) => void): void {
  out.u32(items.length)
  items.forEach(write)
}
