/**
 * Instructions of the register machine. Each is {@link WIDTH} words: number, then operands, named
 * in the comment: `f i r` registers of the banks (relative to the frame), `k` index of a constant,
 * `n` a number, `@` a code address. The first operand is the destination where there is one. What
 * has no comment is like the one before.
 *
 * Frequent ones have low numbers, since the dispatch loop finds them first. It has the numbers as
 * literals, which makes it several times faster; a test compares them.
 */
export const OPCODES = {
  FOR_LT: 0, // f k f @: one round, first += k, jump when first < second
  ADD: 1, // f f f
  GET_F: 2, // f r f
  MUL: 3,
  JNLT: 4,
  FIELD_F: 5, // f r n n: object, slot, field
  ADDK: 6, // f f k
  JLT: 7, // f f @
  SUB: 8,
  MOV_F: 9, // f f
  FUEL_ADDK: 10, // f k: one round of a loop, then f += k
  JNLTK: 11,
  MUL_ADD: 12, // f f f f: second + third * fourth, each rounded
  SET_F: 13, // r f f: array, index, value
  GET_R: 14, // r r f
  MULK: 15,
  SET_FIELD_F: 16, // r n n f: object, slot, field, value
  FUEL: 17, // one round of a loop
  JMP: 18, // @
  FOR_LTK: 19, // f k k @
  SUBK: 20,
  CALL_CYCLIC: 21, // the same, counted in fuel and depth
  RET_CYCLIC_F: 22,
  FIELD_R: 23, // r r n
  JNEK: 24,
  FUEL_JMP: 25, // @: one round of a loop without update or test
  JF: 26, // i @
  GET_NAN: 27, // f r f
  LENGTH: 28, // f r
  JEQK: 29,
  CODE_AT: 30, // f r f
  MUL_SUB: 31, // f f f f: second - third * fourth
  CALL: 32, // @ f i r dst: first argument registers of each bank, register of the result
  RET_F: 33, // f
  RET_R: 34, // r
  INVOKE: 35, // r f i r dst
  MOV_R: 36, // r r
  SITE: 37, // n: the operation at a site, in the general way
  JT: 38, // i @
  JREFK: 39, // r k @: is a constant
  SET_R: 40, // r f r
  JNE: 41,
  JEQ: 42,
  JNREFK: 43,
  DIV: 44,
  GET_OPT: 45, // r r f
  FOR_LENGTH: 46, // f k r @: as FOR_LT, up to the length of an array
  CELL_F: 47, // f r k: cell, name
  CELL_R: 48, // r r k
  SET_CELL_F: 49, // r f
  PUSH_F: 50, // r f
  PUSH_R: 51, // r r
  REM: 52, // f f f: the host calls a function for doubles, so small whole numbers go another way
  REMK: 53, // f f k
  UNBOX_SOME: 54, // r r: not null or undefined
  SET_FIELD_R: 55, // r n n r
  GET_B: 56, // i r f
  SET_B: 57, // r f i
  RET_CYCLIC_R: 58,
  RET_I: 59, // i
  REQUIRE: 60, // r r n: not null or undefined; otherwise the operation at a site fails
  JNLE: 61,
  JNLEK: 62,
  JLTK: 63, // f k @
  LDK_F: 64, // f k
  LDK_R: 65, // r k
  LDK_I: 66, // i n
  SQRT: 67, // f f
  NEW_OBJECT: 68, // n: object.new at a site
  JNHAS_F: 69, // r f @: of an array of numbers
  JNHAS_R: 70,
  FLOOR: 71,
  BOX_F: 72, // r f
  BOX_R: 73, // r r
  AND_F: 74, // f f f: of the low 32 bits
  DIVK: 75, // f f k
  EQ: 76,
  RET_CYCLIC_I: 77,
  JNONE: 78, // r @: is null or undefined
  JSOME: 79,
  CHAR_AT: 80, // r r f
  STRING_LENGTH: 81, // f r
  CONCAT: 82, // r r r
  STRING_EQ: 83, // i r r
  JNGTK: 84,
  JNGEK: 85,
  JGTK: 86,
  JGEK: 87,
  JLEK: 88,
  JLE: 89,
  JSAME: 90, // r r @: strict equality of host values
  JNSAME: 91,
  OR_F: 92,
  XOR_F: 93,
  SHL_F: 94,
  SHR_F: 95,
  USHR_F: 96,
  GLOBAL_F: 97, // f n
  GLOBAL_R: 98, // r n
  SET_GLOBAL_F: 99, // f n
  SET_GLOBAL_R: 100, // r n
  UNBOX_F: 101, // f r
  UNBOX_OBJECT: 102, // r r n
  MOV_I: 103, // i i
  TUPLE_F: 104, // f r n
  TUPLE_R: 105, // r r n
  SET_TUPLE_F: 106, // r n f
  SET_TUPLE_R: 107, // r n r
  FIELD_B: 108, // i r n
  SET_FIELD_B: 109, // r n n i
  SET_CELL_R: 110, // r r
  NEG: 111, // f f
  MIN: 112, // f f f
  MAX: 113, // f f f
  ABS: 114,
  TRUTHY: 115, // i f
  NEW_CELL_F: 116, // r f
  NEW_CELL_R: 117, // r r
  IS_SAME: 118, // i r r
  LT: 119, // i f f
  LE: 120,
  NE: 121,
  NOT: 122, // i i
  TO_I32: 123, // i f
  FROM_I32: 124, // f i
  FROM_U32: 125, // f i
  AND_I: 126, // i i i
  OR_I: 127,
  XOR_I: 128,
  SHL_I: 129,
  SHR_I: 130,
  USHR_I: 131,
  JEQI: 132, // i n @
  THROW: 133, // r
  STMT: 134, // a statement begins (debug builds only)
  UNREACHABLE: 135,
  HALT: 136,
} as const

export type Opcode = keyof typeof OPCODES

/** Words per instruction. */
export const WIDTH = 6
