import { I32, refNull } from '../encoder/index.ts'
import { callFromHelper, type ModuleLowering } from '../lower/module.ts'

/**
 * The visible fields of an object as it lists them, by its definition and the number of its key order, which is -1 where there is only one:
 * `(definition, order) -> fields`. The host knows them; they are asked for once.
 */
export function fieldsOfOrder(m: ModuleLowering): number {
  const { ints } = m.types
  const { lists } = m.types
  const { fieldLists } = m.global
  return m.helper('fields of order', [I32, I32], [refNull(ints)], (c) => {
    const [place, count, at] = [c.local(I32), c.local(I32), c.local(I32)]
    const [list, longer] = [c.local(refNull(ints)), c.local(refNull(lists))]
    // The orders of objects without fields have the numbers of the definitions, and are not asked for here.
    c.get(1).get(0).get(1).i32(0).op('i32.ge_s').select(I32).tee(place)
    c.globalGet(fieldLists).gc('array.len').op('i32.ge_u').if()
    c.get(place).i32(1).op('i32.shl').i32(16).op('i32.add').gc('array.new_default', lists).tee(longer)
    c.i32(0).globalGet(fieldLists).i32(0).globalGet(fieldLists).gc('array.len').gc('array.copy', lists, lists)
    c.get(longer).op('ref.as_non_null').globalSet(fieldLists).end()
    c.globalGet(fieldLists).get(place).gc('array.get', lists).tee(list).op('ref.is_null').op('i32.eqz')
    c.if().get(list).op('return').end()
    c.get(0).get(1).call(m.imports.service('openFields')).tee(count).gc('array.new_default', ints).set(list)
    const out = c.block()
    const top = c.loop()
    c.get(at).get(count).op('i32.ge_u').brIf(out)
    c.get(list).get(at).call(m.imports.service('takeCount')).gc('array.set', ints)
    c.get(at).i32(1).op('i32.add').set(at).br(top).end().end()
    c.globalGet(fieldLists).get(place).get(list).gc('array.set', lists).get(list)
  })
}

/**
 * The key order of a record after fields of another were set in it: `(order, order of the other) -> order`, for one place of the
 * program. The host knows it; since most places copy records of one order into new ones, the last answer is kept.
 */
export function orderAssigned(m: ModuleLowering, assignment: number): number {
  return m.helper(`order assigned ${assignment}`, [I32, I32], [I32], (c, marks) => {
    const [to, from, order] = [-1, -1, -1].map((x) => m.writer.addGlobal(I32, true, (init) => init.i32(x))) as [
      number,
      number,
      number,
    ]
    c.get(0).globalGet(to).op('i32.eq').get(1).globalGet(from).op('i32.eq').op('i32.and').mostly().if(I32)
    c.globalGet(order)
    c.else().get(0).get(1).i32(assignment)
    callFromHelper(m, c, marks, m.imports.service('orderAssigned'))
    c.globalSet(order).get(0).globalSet(to).get(1).globalSet(from).globalGet(order).end()
  })
}
