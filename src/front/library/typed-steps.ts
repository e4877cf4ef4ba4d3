import { F64, UNDEFINED, type Expr, type OpName } from '../../ir/index.ts'
import { emit } from '../emit/expressions.ts'
import { bool, coerce, num, op, seq, then, undef } from '../emit/make.ts'
import { bytesName, typedName } from '../emit/typed.ts'
import { bytesNode, isTypedArray } from '../flow/bytes.ts'
import type { ObjNode, Slot } from '../flow/slots.ts'
import { toNumber } from '../emit/convert.ts'
import { BOOL as BOOL_KIND, NUM, UNDEF, type Kinds } from '../kinds.ts'
import type { EmitUse, FlowUse, Row } from './row.ts'
import { privateName } from '../member-names.ts'

/** What the prelude's functions on typed arrays and buffers are made of; programs cannot name these. */

const argsOf = ({ c, args }: EmitUse): Expr[] => args.map((arg) => emit(c, arg.value))

/** Runs `see` for each object that reaches a slot, once. */
function eachObject(use: FlowUse, slot: Slot | undefined, see: (node: ObjNode) => void): void {
  if (!slot) return
  const seen = new Set<ObjNode>()
  use.a.solver.watch(slot, () => {
    for (const obj of [...slot.root().objs]) {
      if (seen.has(obj.root())) continue
      seen.add(obj.root())
      see(obj.root())
    }
  })
}

/** A new typed array of the class of another. */
const like: Row = {
  flow: (use) =>
    eachObject(use, use.slots[0], (node) => {
      if (isTypedArray(node)) use.a.solver.addObj(use.out, bytesNode(use.a, use.inst, use.at, node.cls?.bytes ?? ''))
    }),
  emit: (use) => {
    const { c, at } = use
    const [of, length] = argsOf(use) as [Expr, Expr]
    return c.dispatch(of, c.typeOf(at), (one) => {
      const name = typedName(c, one.type)
      if (!name) return then(one, coerce(undef(at.span), c.typeOf(at)))
      const node = bytesNode(c.program.analysis, c.inst, at, name)
      const type = c.program.types.object(node)
      const made = op('typed.new', [toNumber(c, length)], type, at.span, [c.program.types.idOf(node)])
      return coerce(then(one, made), c.typeOf(at))
    })
  },
}

/** A typed array over elements of another, which are no longer its alone. */
const window: Row = {
  flow: (use) =>
    eachObject(use, use.slots[0], (node) => {
      if (!isTypedArray(node)) return
      use.a.solver.addKinds(use.a.solver.field(node, privateName('#window')).slot, NUM)
      use.a.solver.addObj(use.out, node)
    }),
  emit: (use) => {
    const { c, at } = use
    const [of, start, length] = argsOf(use) as [Expr, Expr, Expr]
    return c.dispatch(of, c.typeOf(at), (one) =>
      coerce(typedName(c, one.type) ? op('typed.window', [one, start, length], one.type, at.span) : one, c.typeOf(at)),
    )
  },
}

const fill: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: (use) => {
    const [self, value, start, end] = argsOf(use) as [Expr, Expr, Expr, Expr]
    return use.c.dispatch(self, UNDEFINED, (one) =>
      typedName(use.c, one.type)
        ? op('typed.fill', [one, value, start, end], UNDEFINED, use.at.span)
        : then(one, undef(use.at.span)),
    )
  },
}

/** What `make` makes of two typed arrays of one class, and else what `otherwise` is. */
function ofSame(use: EmitUse, make: (to: Expr, from: Expr) => Expr, otherwise: Expr): Expr {
  const { c } = use
  const [to, from] = argsOf(use).map((x) => c.keep(x))
  if (!to || !from) return otherwise
  const result = c.dispatch(to.value, otherwise.type, (one) =>
    c.dispatch(from.value, otherwise.type, (other) => {
      const name = typedName(c, one.type)
      return name !== null && name === typedName(c, other.type) ? make(one, other) : otherwise
    }),
  )
  return seq([...to.body, ...from.body], result)
}

const copy: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, UNDEF),
  emit: (use) => {
    const [, , at, start] = argsOf(use) as [Expr, Expr, Expr, Expr]
    return ofSame(
      { ...use, args: use.args.slice(0, 2) },
      (to, from) => op('typed.copy', [to, from, at, start], UNDEFINED, use.at.span),
      undef(use.at.span),
    )
  },
}

const same: Row = {
  flow: (use) => use.a.solver.addKinds(use.out, BOOL_KIND),
  emit: (use) => ofSame(use, () => bool(true, use.at.span), bool(false, use.at.span)),
}

const bufferLike: Row = {
  flow: (use) => use.a.solver.addObj(use.out, bytesNode(use.a, use.inst, use.at, 'ArrayBuffer')),
  emit: (use) => {
    const { c, at } = use
    const [, length] = argsOf(use) as [Expr, Expr]
    const node = bytesNode(c.program.analysis, c.inst, at, 'ArrayBuffer')
    return op('buffer.new', [length], c.program.types.object(node), at.span, [c.program.types.idOf(node)])
  },
}

/** A Uint8Array over all bytes of a buffer. */
const bufferBytes: Row = {
  flow: (use) => {
    const node = bytesNode(use.a, use.inst, use.at, 'Uint8Array')
    use.a.solver.addObj(use.out, node)
    eachObject(use, use.slots[0], (buffer) => {
      if (buffer.cls?.bytes === 'ArrayBuffer')
        use.a.solver.addObj(use.a.solver.field(node, privateName('#buffer')).slot, buffer)
    })
  },
  emit: (use) => {
    const { c, at } = use
    const node = bytesNode(c.program.analysis, c.inst, at, 'Uint8Array')
    return c.using(argsOf(use)[0] as Expr, (buffer) => {
      const length = op('buffer.length', [buffer], F64, at.span)
      return op('typed.view', [buffer, num(0, at.span), length], c.program.types.object(node), at.span, [
        c.program.types.idOf(node),
      ])
    })
  },
}

/** An operation on a buffer or DataView, which is the first argument, and numbers. */
const onBytes = (name: OpName, kinds: Kinds, of: 'ArrayBuffer' | 'DataView'): Row => ({
  flow: (use) => use.a.solver.addKinds(use.out, kinds),
  emit: (use) => {
    const { c, at } = use
    const [self, ...numbers] = argsOf(use) as [Expr, ...Expr[]]
    const imm = name === 'typed.get' || name === 'typed.set' ? ['DataView'] : []
    const result = kinds === UNDEF ? UNDEFINED : F64
    return c.dispatch(self, result, (one) =>
      bytesName(c, one.type) === of
        ? op(name, [one, ...numbers.map((x) => toNumber(c, x))], result, at.span, imm)
        : then(one, kinds === UNDEF ? undef(at.span) : num(0, at.span)),
    )
  },
})

/** An operation on numbers. */
const onNumbers = (name: OpName): Row => ({
  flow: (use) => use.a.solver.addKinds(use.out, NUM),
  emit: (use) =>
    op(
      name,
      argsOf(use).map((x) => toNumber(use.c, x)),
      F64,
      use.at.span,
    ),
})

export const TYPED_STEPS: Readonly<Record<string, Row>> = {
  '@@typedLike': like,
  '@@typedWindow': window,
  '@@typedFill': fill,
  '@@typedCopy': copy,
  '@@typedSame': same,
  '@@bufferLike': bufferLike,
  '@@bufferLength': onBytes('buffer.length', NUM, 'ArrayBuffer'),
  '@@bufferBytes': bufferBytes,
  '@@byteAt': onBytes('typed.get', NUM, 'DataView'),
  '@@setByte': onBytes('typed.set', UNDEF, 'DataView'),
  '@@viewLength': onBytes('typed.length', NUM, 'DataView'),
  '@@lowBits': onNumbers('f64.low_bits'),
  '@@highBits': onNumbers('f64.high_bits'),
  '@@fromBits': onNumbers('f64.from_bits'),
  '@@singleBits': onNumbers('f32.bits'),
  '@@fromSingleBits': onNumbers('f32.from_bits'),
}
