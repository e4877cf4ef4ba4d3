import type { ObjectDef } from '../../ir/index.ts'

/** Where things lie in the structs of arrays, closures and errors. */

export const ARRAY_LENGTH = 0
export const ARRAY_DATA = 1
/** The object that an array carries, null where it carries none; where arrays of the kind carry some. */
export const ARRAY_NOTE = 2

/** Fields of the struct of a closure: the number of its function, its code; then the captures. */
export const CLOSURE_FUNC = 0
export const CLOSURE_CODE = 1
export const CLOSURE_CAPTURES = 2

/** Fields of the struct of an error behind those of its definition: number of its kind, and where it was made. */
export const errorKindAt = (def: ObjectDef): number => def.fields.length
export const errorTraceAt = (def: ObjectDef): number => def.fields.length + 1
