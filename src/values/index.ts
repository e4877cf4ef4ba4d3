export { chooseRecord, decodeArgument, fieldsOf, isTag, isTypedAs, tableKind } from './decode.ts'
export { encodeValue } from './encode.ts'
export { Limited, Thrown, Trapped } from './failure.ts'
export { extentOf, type Extent } from './extent.ts'
export { isAccessor, showing, toHost } from './host-value.ts'
export type { HostOperation, ValueHost } from './host.ts'
export { buildLayouts, Layout, UNSET, type KeyOrder } from './layout.ts'
export { looseEquals, stringify, toNumber, typeOf } from './operations/dynamic.ts'
export { JSON_BYTES_PER_UNIT, parseJson } from './operations/parse.ts'
export { isStackOverflow } from './operations/evaluate.ts'
export { hypot } from './operations/hypot.ts'
export { HOST_OPERATIONS, type HostOp } from './operations/index.ts'
export { Found } from './operations/regex.ts'
export { noteOf, setNote } from './note.ts'
export { dictKeys, getEntry, hasProperty, INHERITED_NAMES, setEntry, sortKeys, Table } from './table.ts'
export { joinElements, toText } from './text.ts'
export { describeThrown } from './thrown.ts'
export { BufferInstance, elementsOver, newTyped, showsBits, storeNaN, TypedInstance, type Elements } from './typed.ts'
export { funcTest, typeTest, type TypeTest } from './type-test.ts'
export {
  Cell,
  Closure,
  ErrorInstance,
  freshNums,
  freshRefs,
  Instance,
  newInstance,
  newNumberArray,
  newRefArray,
  NumberCell,
  orderOf,
  readField,
  visibleFields,
  writeField,
} from './value.ts'
