import type { Span } from '../../base/index.ts'
import { closureType, formatType, nodesOf, OP_NAMES, opRow, type Module, type Type } from '../../ir/index.ts'
import { ANYREF, Code, EXTERNREF, HEAP, I32, I64, ModuleWriter, refTo, type ValType } from '../encoder/index.ts'
import { elementKind } from '../layout/elements.ts'
import { TypeTable } from '../layout/types.ts'
import { pushUnset } from '../layout/slot.ts'
import { repOf } from '../layout/values.ts'
import { KeyOrders } from '../layout/key-orders.ts'
import { findApart } from './apart.ts'
import { findDepthUsers } from './depth.ts'
import { findHandledCode, findSetFields, findSettledGlobals, findTags, type Tags } from '../../passes/index.ts'
import { hostedTypes, isHosted, type HostedOp } from './host-operations.ts'
import { Imports } from './imports.ts'
import { INHERITED_NAMES } from '../../values/index.ts'
import { TYPE_NAMES } from './boxes.ts'
import { nameText } from '../runtime/json-write.ts'
import { findCarriers, findFamilies, findIdentified, typesOf } from './table-types.ts'
import type { Mark, MarkedFunc } from './positions.ts'

/** What a compilation may leave out, to measure what it costs. */
export type LowerOptions = { readonly charges: boolean }

/** Builds the body of a helper: a function of the module that no function of the program stands behind. */
export type HelperBody = (c: Code, marks: Mark[]) => void

/** A closure of a function: how it is made and how it is entered. */
export type ClosureCode = { readonly thunk: number; readonly struct: number }

/** `object.assign` between two definitions of records. */
export type Assignment = { readonly to: number; readonly from: number; readonly omitted: readonly number[] }

/** Kinds of Errors that the host itself makes come first. */
const ERROR_KINDS: readonly string[] = ['Error', ...new Set(OP_NAMES.flatMap((op) => opRow(op).throws ?? []))]

/** Everything that functions of one module share while they are lowered. */
export class ModuleLowering {
  readonly module: Module
  readonly cyclic: ReadonlySet<number>
  readonly options: LowerOptions
  readonly writer = new ModuleWriter()
  readonly imports: Imports
  readonly types: TypeTable
  readonly orders: KeyOrders
  /** Functions that take the depth of calls as their first parameter. */
  readonly takesDepth: ReadonlySet<number>
  /** By definition of objects: fields that need no test when they are read. */
  readonly setFields: readonly ReadonlySet<number>[]
  /** Fields that are kept as numbers. */
  readonly tags: Tags
  /** Globals that need none. */
  readonly settledGlobals: ReadonlySet<number>
  /** Functions that are called by way of a pointer. */
  readonly apart: ReadonlySet<number>
  /** Functions whose calls need an anchor. */
  readonly handled: ReadonlySet<number>
  readonly global: {
    readonly fuel: number
    readonly allocation: number
    readonly depthHigh: number
    readonly anchor: number
    /** What hashes of this run are made with; the text that was hashed last, and its hash. */
    readonly hashFactor: number
    readonly hashedText: number
    readonly hashedTo: number
    /** How many objects have an identity. */
    readonly identities: number
    /** The text of JSON that is written, and how long it is; visible fields by key orders, see runtime/key-order.ts. */
    readonly jsonUnits: number
    readonly jsonLength: number
    readonly fieldLists: number
    readonly program: number[]
  }
  readonly tag: number
  /** Names that failing code hands to the host by number. */
  readonly names: string[] = []
  readonly errorKinds = [...ERROR_KINDS]
  readonly assignments: Assignment[] = []
  /** By func type: the functions of which there are closures. */
  readonly closuresOf = new Map<string, number[]>()
  readonly marked: MarkedFunc[] = []
  readonly #strings = new Map<string, number>()
  #tagTexts: number | undefined
  readonly #emptyArrays = new Map<number, number>()
  readonly #funcs: readonly number[]
  readonly #helpers = new Map<string, number>()
  /** By helper, the index of its type. */
  readonly #helperTypes = new Map<number, number>()
  readonly #closures = new Map<number, ClosureCode>()
  readonly #pendingClosures: number[] = []

  constructor(module: Module, cyclic: ReadonlySet<number>, options: LowerOptions) {
    this.module = module
    this.cyclic = cyclic
    this.options = options
    this.imports = new Imports(this.writer)
    this.#declareUses()
    const hashFactor = this.writer.importGlobal('host', 'hash factor', I64)
    this.takesDepth = findDepthUsers(module, cyclic)
    this.apart = findApart(module)
    this.handled = findHandledCode(module)
    this.setFields = findSetFields(module)
    this.tags = findTags(module)
    this.settledGlobals = findSettledGlobals(module)
    if (this.handled.size > 0) this.writer.importMemory('host', 'memory')
    const types = typesOf(module)
    const families = findFamilies(types)
    this.types = new TypeTable(this.writer, module, {
      units: this.imports.units,
      identified: findIdentified(module, types, families),
      setFields: this.setFields,
      families,
      carriers: findCarriers(module),
      tags: this.tags.names,
    })
    this.orders = KeyOrders.of(module)
    const zero = (c: Code): void => void c.i64(0n)
    this.global = {
      fuel: this.writer.addGlobal(I64, true, zero),
      allocation: this.writer.addGlobal(I32, true, (c) => c.i32(0)),
      depthHigh: this.writer.addGlobal(I32, true, (c) => c.i32(0)),
      anchor: this.writer.addGlobal(I32, true, (c) => c.i32(0)),
      hashFactor,
      hashedText: this.writer.addGlobal(EXTERNREF, true, (c) => c.refNull(HEAP.extern, true)),
      hashedTo: this.writer.addGlobal(I32, true, (c) => c.i32(0)),
      identities: this.writer.addGlobal(I32, true, (c) => c.i32(0)),
      jsonUnits: this.filledArray(this.imports.units, 0, true),
      jsonLength: this.writer.addGlobal(I32, true, (c) => c.i32(0)),
      fieldLists: this.filledArray(this.types.lists, 0, true),
      program: [],
    }
    this.writer.export('fuel', 'global', this.global.fuel)
    this.writer.export('allocation', 'global', this.global.allocation)
    this.writer.export('depthHigh', 'global', this.global.depthHigh)
    this.tag = this.writer.addTag(this.writer.funcType([ANYREF, EXTERNREF], []))
    this.writer.export('thrown', 'tag', this.tag)
    for (const { type } of module.globals) this.global.program.push(this.#addProgramGlobal(type))
    this.#funcs = module.funcs.map(() => this.writer.reserveFunc())
  }

  /** A module variable; unset until the initialiser sets it. */
  #addProgramGlobal(type: Type): number {
    const kind = elementKind(type)
    const storage = kind === 'bool' ? I32 : this.types.storageType(type)
    const struct = repOf(type) === 'ref' ? this.types.structOf(type) : undefined
    return this.writer.addGlobal(storage, true, (c) => pushUnset(c, kind, struct))
  }

  /** Whatever is imported is known before anything is defined: constants and operations of the host. */
  #declareUses(): void {
    const use = (text: string): void => {
      if (!this.#strings.has(text))
        this.#strings.set(text, this.writer.importGlobal('string', String(this.#strings.size), EXTERNREF))
    }
    for (const text of ['', 'true', 'false', 'null', 'undefined']) use(text)
    for (const kind of this.errorKinds) use(kind)
    for (const name of INHERITED_NAMES) use(name)
    for (const func of this.module.funcs) {
      for (const expr of nodesOf(func)) {
        if (expr.kind === 'const' && typeof expr.value === 'string') use(expr.value)
        if (expr.kind !== 'op') continue
        if (isHosted(expr.op)) this.#declareOperation(expr.op)
        if (expr.op === 'error.new') use(expr.imm[1] as string)
        if (expr.op === 'dyn.typeof') TYPE_NAMES.forEach(use)
        if (expr.op === 'json.stringify') this.#useNames(use)
        if (expr.op === 'closure.new') this.#noteClosure(expr.imm[0] as number)
        if (expr.op !== 'object.keys') continue
        for (const field of this.module.objects[expr.imm[0] as number]!.fields) use(field.name)
      }
    }
  }

  /** Names of all fields, as JSON has them. */
  #useNames(use: (text: string) => void): void {
    for (const { fields } of this.module.objects) for (const { name } of fields) use(nameText(name))
  }

  #declareOperation(op: HostedOp): void {
    const { params, result } = hostedTypes(op)
    this.imports.declareOperation(op, params, [result])
  }

  #noteClosure(func: number): void {
    const key = formatType(closureType(this.module.funcs[func]!))
    const known = this.closuresOf.get(key) ?? []
    if (!known.includes(func)) known.push(func)
    this.closuresOf.set(key, known)
  }

  /** The global that holds an array without elements; all such arrays of one type are this one. */
  emptyArray(data: number): number {
    const known = this.#emptyArrays.get(data)
    if (known !== undefined) return known
    const made = this.filledArray(data, 0)
    this.#emptyArrays.set(data, made)
    return made
  }

  /** A new global that holds an array of so many zeros or nulls. */
  filledArray(data: number, length: number, mutable = false): number {
    return this.writer.addGlobal(refTo(data), mutable, (c) => c.i32(length).gc('array.new_default', data))
  }

  /** The global that holds the texts of tags by their numbers. */
  tagTexts(): number {
    this.#tagTexts ??= this.writer.addGlobal(refTo(this.types.strings), false, (c) => {
      for (const text of this.tags.numbers.keys()) c.globalGet(this.string(text))
      c.gc('array.new_fixed', this.types.strings, this.tags.numbers.size)
    })
    return this.#tagTexts
  }

  /** The global that holds a constant string. */
  string(text: string): number {
    const found = this.#strings.get(text)
    if (found === undefined) throw new Error('a constant that was not declared')
    return found
  }

  get strings(): readonly string[] {
    return [...this.#strings.keys()]
  }

  /** The number by which failing code names a text. */
  nameId(name: string): number {
    const known = this.names.indexOf(name)
    return known >= 0 ? known : this.names.push(name) - 1
  }

  errorKind(kind: string): number {
    const known = this.errorKinds.indexOf(kind)
    return known >= 0 ? known : this.errorKinds.push(kind) - 1
  }

  /** The number of an assignment between records: which fields of the second it leaves out. */
  assignment(to: number, from: number, omitted: readonly number[]): number {
    return this.assignments.push({ to, from, omitted }) - 1
  }

  func(index: number): number {
    return this.#funcs[index]!
  }

  /** Types of the parameters of a function: depth, parameters, captures. */
  paramTypes(index: number): ValType[] {
    const { params, captures } = this.module.funcs[index]!
    const own = this.types.valTypes([...params, ...captures].map((local) => local.type))
    return this.takesDepth.has(index) ? [I32, ...own] : own
  }

  /** A function that is made when it is first asked for. */
  helper(name: string, params: readonly ValType[], results: readonly ValType[], body: HelperBody): number {
    const known = this.#helpers.get(name)
    if (known !== undefined) return known
    const index = this.writer.reserveFunc()
    this.#helpers.set(name, index)
    const type = this.writer.funcType(params, results)
    this.#helperTypes.set(index, type)
    const c = new Code(params.length)
    const marks: Mark[] = []
    body(c, marks)
    this.writer.setFunc(index, { type, name, code: c })
    this.marked.push({ func: index, name: undefined, marks })
    return index
  }

  /**
   * Calls a helper by way of a pointer: otherwise the host would compile it in place. Where control rarely comes, what is done
   * all the time beside it would wait for registers; and what is large would be compiled again for each call.
   */
  callApart(c: Code, helper: number, mark?: () => void): void {
    this.#callByPointer(c, helper, this.#helperTypes.get(helper)!, mark)
  }

  /** The same for a function of the program. */
  callFuncApart(c: Code, index: number, mark: () => void): void {
    const results = this.types.valTypes([this.module.funcs[index]!.result])
    this.#callByPointer(c, this.func(index), this.writer.funcType(this.paramTypes(index), results), mark)
  }

  #callByPointer(c: Code, func: number, type: number, mark?: () => void): void {
    this.writer.declareRef(func)
    c.refFunc(func)
    mark?.()
    c.callRef(type)
  }

  /** A helper that the host calls by its name. */
  exportHelper(name: string, params: readonly ValType[], results: readonly ValType[], body: HelperBody): void {
    this.writer.export(name, 'func', this.helper(name, params, results, body))
  }

  closure(func: number): ClosureCode {
    const known = this.#closures.get(func)
    if (known) return known
    const { captures } = this.module.funcs[func]!
    const type = closureType(this.module.funcs[func]!)
    const struct = this.types.closureStruct(
      type,
      captures.map((local) => local.type),
    )
    const made = { thunk: this.writer.reserveFunc(), struct }
    this.writer.declareRef(made.thunk)
    this.#closures.set(func, made)
    this.#pendingClosures.push(func)
    return made
  }

  /** A closure whose thunk is to be written yet. */
  takePendingClosure(): number | undefined {
    return this.#pendingClosures.pop()
  }
}

/**
 * The host (V8 14) forgets the places of calls whose exceptions the same function handles: a trace then shows the
 * place of whatever comes before in the machine code. It keeps those of stores to the memory, which may trap as
 * far as it knows. So one stands before such a call, for the same place. `mark` notes the place of the next instruction.
 */
export function anchor(m: ModuleLowering, c: Code, mark: () => void): void {
  c.globalGet(m.global.anchor).i32(0)
  mark()
  c.store()
}

/** Calls, from a helper, what may fail. */
export function callFromHelper(m: ModuleLowering, c: Code, marks: Mark[], func: number): void {
  const mark = (): void => markHelper(c, marks, undefined)
  if (m.handled.size > 0) anchor(m, c, mark)
  mark()
  c.call(func)
}

/** Marks an instruction of a helper. */
export function markHelper(c: Code, marks: Mark[], trap: Mark['trap']): void {
  marks.push({ offset: c.offset, span: NOWHERE, trap })
}

const NOWHERE: Span = { file: -1, start: 0, end: 0 }
