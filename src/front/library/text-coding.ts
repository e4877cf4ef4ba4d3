import { BOOL, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from '../emit/context.ts'
import { toBool, toText } from '../emit/convert.ts'
import { emit } from '../emit/expressions.ts'
import { bool, op, seq, str, undef } from '../emit/make.ts'
import { bytesName, typedName } from '../emit/typed.ts'
import { bytesNode, isTypedArray } from '../flow/bytes.ts'
import { Slot } from '../flow/slots.ts'
import type { HArg, HExpr } from '../hir.ts'
import { BOOL as BOOL_KIND, NUM, STR } from '../kinds.ts'
import { converted } from './leaf.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { str as textParam, type EmitUse, type Row } from './row.ts'
import { part, slotOf } from './typed.ts'
import { privateName } from '../member-names.ts'

/** TextEncoder and TextDecoder of UTF-8: objects of the library, of which the decoder has its two flags. */
type Coder = 'TextEncoder' | 'TextDecoder'

const FLAGS = ['fatal', 'ignoreBOM'] as const

function makeCoder(brand: Coder): Row {
  const fields = brand === 'TextDecoder' ? FLAGS : []
  return {
    flow: ({ a, inst, at, out }) => {
      const node = inst.newObject(at, 'coder', brand)
      for (const name of fields) a.solver.addKinds(a.solver.field(node, privateName(`#${name}`)).slot, BOOL_KIND)
      a.solver.addObj(out, node)
    },
    emit: ({ c, at, args }) => {
      const node = c.inst.newObject(at, 'coder', brand).root()
      const [type, id] = [c.program.types.object(node), c.program.types.idOf(node)]
      if (args.length > (brand === 'TextDecoder' ? 2 : 0)) refuse(c, at, 'an argument that a coder does not take')
      const values = brand === 'TextDecoder' ? flagsOf(c, at, args) : []
      const places = fields.map((name) => c.program.types.fieldIndex(node, privateName(`#${name}`)))
      return op('object.new', values, type, at.span, [id, places])
    },
  }
}

function refuse(c: FunctionContext, at: HExpr, what: string): void {
  const hint = "Write `new TextDecoder()`, or `new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })`."
  c.report('ANRF1101', at.span, what, hint, 'TextDecoder')
}

/** The flags of a decoder, whose label and options are written out. */
function flagsOf(c: FunctionContext, at: HExpr, args: readonly HArg[]): Expr[] {
  const [label, options] = args.map(({ value }) => (value.kind === 'narrow' ? value.x : value))
  const isUtf8 = !label || (label.kind === 'const' && (label.value === undefined || isName(label.value)))
  if (!isUtf8) refuse(c, at, 'a TextDecoder of another encoding than UTF-8')
  if (!options) return FLAGS.map(() => bool(false, at.span))
  const props = options.kind === 'object' ? options.props : []
  const isPlain = props.every((prop) => prop.kind === 'field' && FLAGS.some((name) => name === prop.name))
  if (options.kind !== 'object' || !isPlain) refuse(c, at, 'options of a TextDecoder that are not written out')
  return FLAGS.map((name) => {
    const prop = props.find((one) => one.kind === 'field' && one.name === name)
    return prop ? toBool(emit(c, prop.value)) : bool(false, at.span)
  })
}

/** Labels of UTF-8 (WHATWG Encoding 4.2). */
const isName = (label: unknown): boolean =>
  typeof label === 'string' &&
  ['utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8'].includes(
    label.trim().toLowerCase(),
  )

const encode: Row = {
  flow: (use) => {
    const node = bytesNode(use.a, use.inst, use.at, 'Uint8Array')
    const made = use.inst.once(use.at, 'made', () => new Slot())
    use.a.solver.addObj(made, node)
    use.a.solver.edge(made, use.out)
    const text = slotOf(use, 'str', STR)
    flowPrelude({ ...use, out: slotOf(use, 'count', NUM) }, 'utf8_length', [text])
    flowPrelude({ ...use, out: use.inst.once(use.at, 'ignored', () => new Slot()) }, 'utf8_write', [made, text])
  },
  emit: ({ c, at, args, self }) => {
    const kept = c.keep(self)
    const text = c.keep(converted(c, args[0], textParam(''), at))
    const node = bytesNode(c.program.analysis, c.inst, at, 'Uint8Array')
    const length = callPrelude(c, at, 'utf8_length', [text.value])
    const made = op('typed.new', [length], c.program.types.object(node), at.span, [c.program.types.idOf(node)])
    return seq([...kept.body, ...text.body], callPrelude(c, at, 'utf8_write', [made, text.value]))
  },
}

const decode: Row = {
  flow: (use) => {
    use.a.solver.addKinds(use.out, STR)
    const [source] = use.slots
    if (!source) return
    const bytes = part(use, source, 'bytes', (node) => isTypedArray(node))
    const flag = slotOf(use, 'flag', BOOL_KIND)
    use.a.solver.watch(bytes, () => {
      if (bytes.root().objs.length > 0) flowPrelude(use, 'utf8_read', [bytes, flag, flag])
    })
  },
  emit: (use) => {
    const { c, at, args, self } = use
    if (args.length > 1) refuse(c, at, 'options of `decode`')
    if (!args[0]) return str('', at.span)
    const kept = c.keep(self)
    const source = c.keep(emit(c, args[0].value))
    const text = c.dispatch(source.value, { kind: 'string' }, (one) => {
      if (one.type.kind === 'undefined') return str('', at.span)
      const name = typedName(c, one.type)
      if (name === 'Uint8Array' || name === 'Uint8ClampedArray')
        return callPrelude(c, at, 'utf8_read', [one, ...FLAGS.map((flag) => flagOf(use, kept.value, flag))])
      const what = bytesName(c, one.type) ? 'bytes that are no Uint8Array' : 'what `decode` is given here'
      c.report('ANRF1101', at.span, what, 'Pass a Uint8Array: `new Uint8Array(buffer)`.', 'TextDecoder')
      return toText(c, undef(at.span))
    })
    return seq([...kept.body, ...source.body], text)
  },
}

/** A flag of a decoder. */
function flagOf({ c }: EmitUse, self: Expr, name: string): Expr {
  const { type } = self
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (type.kind !== 'object' || !node) return bool(false, self.span)
  return op('object.get', [self], BOOL, self.span, [type.id, c.program.types.fieldIndex(node, privateName(`#${name}`))])
}

export const ENCODER_METHODS: Readonly<Record<string, Row>> = { encode }
export const DECODER_METHODS: Readonly<Record<string, Row>> = { decode }

export const CODER_FUNCTIONS: Readonly<Record<string, Row>> = {
  'new TextEncoder': makeCoder('TextEncoder'),
  'new TextDecoder': makeCoder('TextDecoder'),
}
