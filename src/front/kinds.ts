import { isTypedName } from '../ir/index.ts'

/**
 * Sets of kinds of values, as bits. The flow analysis gives each place in a program the kinds
 * that may reach it; the type checker's narrowing is a set of kinds too.
 */
export type Kinds = number

export const NUM = 1
export const STR = 2
export const BOOL = 4
export const NULL = 8
export const UNDEF = 16
export const ARR = 32
export const FN = 64
/** Records, class instances and errors. */
export const OBJ = 128
/** A value of which nothing is known. */
export const ANY = 256
export const MAP = 512
export const SET = 1024

/** Integers of any size. */
export const BIG = 2048

/** Whether a class of the library is one of typed arrays, DataView or ArrayBuffer. */
export const isBytesName = (name: string): boolean => name === 'ArrayBuffer' || isTypedName(name)

export const NULLISH = NULL | UNDEF
export const ALL = NUM | STR | BOOL | NULLISH | ARR | FN | OBJ | MAP | SET | BIG | ANY
