import { ANY, isBoxed, JSON_VALUE, type Expr, type Type } from '../../../ir/index.ts'
import { JSON_BYTES_PER_UNIT } from '../../../values/index.ts'
import { ANYREF, EXTERNREF, HEAP } from '../../encoder/index.ts'
import { repOf } from '../../layout/values.ts'
import { parseText } from '../../runtime/json-parse.ts'
import { writeJson } from '../../runtime/json-write.ts'
import { build } from '../boundary.ts'
import { charged, inLocals, type Lower } from './combine.ts'
import { boxed } from './dynamic.ts'

/**
 * Of what is no JSON the host says what is wrong; had it read the text it would hand the parts over to be built. Lists and dictionaries
 * of boxed values are of one struct whatever these may be, so that all is built as `json`.
 */
const parse: Lower = inLocals((f, [text], e) => {
  const { c, m } = f
  c.get(text!).call(m.imports.builtin('length')).op('f64.convert_i32_u').f64(JSON_BYTES_PER_UNIT).op('f64.mul')
  f.service('requireMemory')
  f.withLocal(ANYREF, (value) => {
    c.get(text!).call(parseText(m)).tee(value).op('ref.is_null').if(ANYREF).get(text!)
    f.call(m.imports.operation(e.op))
    c.op('drop').call(build(m, JSON_VALUE)).else().get(value).end()
  })
})

/** Without a gap compiled code writes what it can. The host says null for what is undefined, which is none of the result. */
const stringify: Lower = charged((f, e) => {
  const { c, m } = f
  const [operand, gap] = e.args as readonly [Expr, Expr]
  f.withLocal(ANYREF, (value) => {
    f.withLocal(EXTERNREF, (text) => {
      boxed(f, operand)
      c.set(value)
      f.value(gap)
      f.at(e.span)
      c.tee(text).call(m.imports.builtin('length')).if(EXTERNREF).refNull(HEAP.extern, true)
      c.else()
        .get(value)
        .call(writeJson(m, unboxedType(operand)))
        .end()
      f.withLocal(EXTERNREF, (written) => {
        c.tee(written).op('ref.is_null').if(EXTERNREF).get(value).gc('extern.convert_any').get(text)
        f.call(m.imports.operation(e.op))
        c.else().get(written).end()
      })
    })
  })
})

/** What is known of a value before it was boxed as one that may be anything. */
function unboxedType(e: Expr): Type {
  const before = e.kind === 'op' && e.op === 'dyn.box' ? e.args[0]!.type : e.type
  return isBoxed(before) || repOf(before) === 'ref' ? before : ANY
}

/** JSON text, see docs/decisions/0023. */
export const JSON_OPS = { 'json.parse': parse, 'json.stringify': stringify }
