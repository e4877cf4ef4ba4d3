import type { OpName } from '../../ir/index.ts'
import { HOST_OPERATIONS } from '../../values/index.ts'
import type { Operation } from '../operation.ts'
import { ARRAY_OPERATIONS } from './array.ts'
import { DYNAMIC_OPERATIONS } from './dynamic.ts'
import { OBJECT_OPERATIONS } from './object.ts'
import { NOTE_OPERATIONS } from './regex.ts'
import { TABLE_OPERATIONS } from './table.ts'
import { TYPED_OPERATIONS } from './typed.ts'
import { WORLD_OPERATIONS } from './world.ts'

/** What every operation does; total over the op table. */
export const IMPLEMENTATIONS = {
  ...HOST_OPERATIONS,
  ...ARRAY_OPERATIONS,
  ...OBJECT_OPERATIONS,
  ...DYNAMIC_OPERATIONS,
  ...NOTE_OPERATIONS,
  ...TABLE_OPERATIONS,
  ...TYPED_OPERATIONS,
  ...WORLD_OPERATIONS,
} satisfies { readonly [K in OpName]: Operation }
