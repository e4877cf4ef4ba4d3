import { formatType, keepsKeyOrder, keyOf, membersOf, type TableType, type Type } from '../../ir/index.ts'
import { type Instance, readField, type Table, TypedInstance, typeTest, UNSET } from '../../values/index.ts'
import type { KeyOrders } from '../layout/key-orders.ts'
import { SENTINEL, SMALL_MAX, SMALL_MIN } from '../layout/values.ts'
import { ANY_MEMBER } from '../lower/boundary.ts'

/**
 * A value of the host as the sequence of numbers, strings and counts that compiled code takes to build it.
 * Mirrors `build` in lower/boundary.ts.
 */
export function flatten(value: unknown, type: Type, orders: KeyOrders, out: unknown[]): void {
  switch (type.kind) {
    case 'undefined':
    case 'null':
      return
    case 'bool':
      out.push(value === true ? 1 : 0)
      return
    case 'array':
      return flattenArray(value as readonly unknown[], type.elem, orders, out)
    case 'tuple':
      return type.elems.forEach((elem, i) => flatten((value as readonly unknown[])[i], elem, orders, out))
    case 'object':
      return flattenObject(value as Instance, orders, out)
    case 'map':
    case 'set':
    case 'dict':
      return flattenTable(value as Table, type, orders, out)
    case 'json':
    case 'nested':
    case 'union': {
      const members = membersOf(type)
      const index = members.findIndex((member) => typeTest(member)(value))
      if (index < 0) throw new Error(`an argument is no ${formatType(type)}`)
      out.push(index)
      return flatten(value, members[index]!, orders, out)
    }
    case 'any':
      return flattenAny(value, type, orders, out)
    default:
      out.push(value)
  }
}

function flattenArray(list: readonly unknown[], elem: Type, orders: KeyOrders, out: unknown[]): void {
  out.push(list.length)
  for (let i = 0; i < list.length; i++) {
    const present = Object.hasOwn(list, i)
    out.push(present ? 1 : 0)
    if (present) flatten(list[i], elem, orders, out)
  }
}

function flattenTable(table: Table, type: TableType, orders: KeyOrders, out: unknown[]): void {
  out.push(table.size)
  for (const [key, value] of table.entries()) {
    flatten(key, keyOf(type), orders, out)
    if (type.kind !== 'set') flatten(value, type.value, orders, out)
  }
}

function flattenObject(object: Instance, orders: KeyOrders, out: unknown[]): void {
  const { id, def } = object.layout
  if (object instanceof TypedInstance) {
    out.push(object.elements.length)
    for (const element of object.elements) out.push(element)
    return
  }
  if (keepsKeyOrder(def)) out.push(orders.after(id, object.order.fields))
  def.fields.forEach(({ type }, field) => {
    const value = readField(object, field)
    out.push(value === UNSET ? 0 : 1)
    if (value !== UNSET) flatten(value, type, orders, out)
  })
}

function flattenAny(value: unknown, type: Type, orders: KeyOrders, out: unknown[]): void {
  if (typeof value === 'string') out.push(ANY_MEMBER.string, value)
  else if (Array.isArray(value)) {
    out.push(ANY_MEMBER.array)
    flattenArray(value, type, orders, out)
  } else if (typeof value !== 'number') out.push(ANY_MEMBER.small, SENTINEL[String(value) as keyof typeof SENTINEL])
  else if ((value | 0) === value && !Object.is(value, -0) && value >= SMALL_MIN && value <= SMALL_MAX)
    out.push(ANY_MEMBER.small, value)
  else out.push(ANY_MEMBER.number, value)
}
