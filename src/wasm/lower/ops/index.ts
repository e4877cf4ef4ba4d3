import type { OpName } from '../../../ir/index.ts'
import { ARRAY_OPS } from './array.ts'
import { BIGINT_OPS } from './bigint.ts'
import type { Lower } from './combine.ts'
import { DYNAMIC_OPS } from './dynamic.ts'
import { ELEMENT_OPS } from './element.ts'
import { JSON_OPS } from './json.ts'
import { LOCALE_OPS } from './locale.ts'
import { NUMBER_OPS } from './number.ts'
import { OBJECT_OPS } from './object.ts'
import { REGEX_OPS } from './regex.ts'
import { STRING_OPS } from './string.ts'
import { URL_OPS } from './url.ts'
import { WORLD_OPS } from './world.ts'
import { TABLE_OPS } from './table.ts'
import { TYPED_OPS } from './typed.ts'

/** How every operation becomes WebAssembly; total over the op table. */
export const LOWER: { readonly [K in OpName]: Lower } = {
  ...NUMBER_OPS,
  ...STRING_OPS,
  ...ARRAY_OPS,
  ...ELEMENT_OPS,
  ...OBJECT_OPS,
  ...DYNAMIC_OPS,
  ...JSON_OPS,
  ...TABLE_OPS,
  ...LOCALE_OPS,
  ...BIGINT_OPS,
  ...WORLD_OPS,
  ...URL_OPS,
  ...REGEX_OPS,
  ...TYPED_OPS,
}
