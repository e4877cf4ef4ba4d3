import {
  BOOL,
  checkModule,
  mapExprs,
  STRING,
  UNDEFINED,
  type Expr,
  type Module,
  type OpName,
  type Type,
} from '../../src/ir/index.ts'
import { findTags } from '../../src/passes/index.ts'
import type { Random } from './random.ts'

type OpExpr = Extract<Expr, { kind: 'op' }>

const NAME = 'tag'
/** Of one length and of others, alike at their ends and not. */
const TEXTS: readonly string[] = ['add', 'and', 'sub', 'a', 'circle', 'x'.repeat(64)]
/** What no field holds. */
const OTHERS: readonly string[] = ['', 'none', 'y'.repeat(65)]

/**
 * The module with a field of constants in some of its objects, and comparisons of what is read from it, as programs have it with unions: random
 * operations would hardly ever agree in that. The module itself where no field can be such a tag.
 */
export function withTags(module: Module, random: Random): Module {
  const tagger = new Tagger(module, random)
  const made = tagger.module()
  // A definition without the field is assigned from none that has it.
  return findTags(made).names.has(NAME) && checkModule(made).length === 0 ? made : module
}

class Tagger {
  readonly #module: Module
  readonly #random: Random
  readonly #ids: ReadonlySet<number>

  constructor(module: Module, random: Random) {
    this.#module = module
    this.#random = random
    const isMade = (role: string): boolean => (role === 'class' || role === 'record') && !random.oneIn(4)
    this.#ids = new Set(module.objects.flatMap(({ role }, id) => (isMade(role) ? [id] : [])))
  }

  module(): Module {
    const objects = this.#module.objects.map((def, id) =>
      this.#ids.has(id) ? { ...def, fields: [...def.fields, { name: NAME, type: STRING }] } : def,
    )
    const change = (e: Expr): Expr => this.#change(e)
    const funcs = this.#module.funcs.map((func) => ({ ...func, body: mapExprs(func.body, change) }))
    return { ...this.#module, objects, funcs }
  }

  #change(e: Expr): Expr {
    const { oneIn, pick } = this.#random
    if (e.kind === 'const') return e.type.kind === 'string' && this.#ids.size > 0 && oneIn(3) ? this.#inPlaceOf(e) : e
    if (e.kind !== 'op' || !e.op.startsWith('object.') || !this.#ids.has(e.imm[0] as number)) return e
    if (e.op === 'object.new') return oneIn(6) ? e : this.#withField(e)
    const [object] = e.args
    if (object?.kind !== 'local' || e.op === 'object.assign') return e
    const id = e.imm[0] as number
    const before = pick([
      (): Expr => this.#op(e, 'object.set', [id, this.#at(id)], [object, this.#stored(e)], UNDEFINED),
      (): Expr => this.#chosen(this.#read(e, id, object), this.#constant(e), this.#constant(e)),
    ])()
    return { kind: 'seq', body: [{ kind: 'expr', expr: before, span: e.span }], value: e, type: e.type, span: e.span }
  }

  /** Another text for a constant: a tag, or one by how two compare. */
  #inPlaceOf(e: Expr): Expr {
    const tag = (): Expr => {
      const id = this.#random.pick([...this.#ids])
      return this.#read(e, id, this.#fresh(e, id))
    }
    return this.#random.oneIn(3) ? tag() : this.#chosen(tag(), e, tag())
  }

  #withField(e: OpExpr): Expr {
    const id = e.imm[0] as number
    const listed = e.imm[1] as readonly number[]
    const at = this.#random.int(listed.length + 1)
    const imm = [id, listed.toSpliced(at, 0, this.#at(id))] as const
    return { ...e, imm, args: e.args.toSpliced(at, 0, this.#stored(e)) }
  }

  #fresh(e: Expr, id: number): Expr {
    const isSet = !this.#random.oneIn(6)
    const type: Type = { kind: 'object', id }
    return this.#op(e, 'object.new', [id, isSet ? [this.#at(id)] : []], isSet ? [this.#stored(e)] : [], type)
  }

  #read(e: Expr, id: number, object: Expr): Expr {
    return this.#op(e, 'object.get', [id, this.#at(id)], [object], STRING)
  }

  /** What a field is set to. */
  #stored(e: Expr): Expr {
    const one = this.#constant(e)
    return this.#random.oneIn(3) ? this.#chosen(one, this.#constant(e), this.#constant(e)) : one
  }

  /** One of two expressions by whether a text is another. */
  #chosen(text: Expr, then: Expr, otherwise: Expr): Expr {
    const { oneIn, pick } = this.#random
    const constant = this.#constant(text, oneIn(6) ? pick(OTHERS) : undefined)
    const other = text.kind === 'op' && oneIn(6) ? text : constant
    const test = this.#op(text, 'string.eq', [], oneIn(2) ? [text, other] : [other, text], BOOL)
    return { kind: 'cond', test, then, else: otherwise, type: STRING, span: text.span }
  }

  #constant({ span }: Expr, value = this.#random.pick(TEXTS)): Expr {
    return { kind: 'const', value, type: STRING, span }
  }

  /** The number of the field in a definition: behind all that it had. */
  #at(id: number): number {
    return this.#module.objects[id]!.fields.length
  }

  #op({ span }: Expr, name: OpName, imm: OpExpr['imm'], args: readonly Expr[], type: Type): Expr {
    return { kind: 'op', op: name, imm, args, type, span }
  }
}
