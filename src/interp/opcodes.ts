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
  DIV: 23,
  JNEK: 24,
  FOR_LENGTH: 25, // f k r @: as FOR_LT, up to the length of an array
  JF: 26, // i @
  MUL_SUB: 27, // f f f f: second - third * fourth
  LENGTH: 28, // f r
  JEQK: 29,
  CODE_AT: 30, // f r f
  FIELD_R: 31, // r r n
  CALL: 32, // @ f i r dst: first argument registers of each bank, register of the result
  RET_F: 33, // f
  RET_R: 34, // r
  INVOKE: 35, // r f i r dst
  MOV_R: 36, // r r
  SITE: 37, // n: the operation at a site, in the general way
  JT: 38, // i @
  SET_FIELD_R: 39, // r n n r
  SET_R: 40, // r f r
  JNE: 41,
  JEQ: 42,
  JSAME: 43, // r r @: strict equality of host values
  JNSAME: 44,
  GET_OPT: 45, // r r f
  GET_NAN: 46, // f r f
  CELL_F: 47, // f r k: cell, name
  CELL_R: 48, // r r k
  SET_CELL_F: 49, // r f
  PUSH_F: 50, // r f
  PUSH_R: 51, // r r
  GET_B: 52, // i r f
  SET_B: 53, // r f i
  RET_CYCLIC_R: 54,
  AND_F: 55, // f f f: of the low 32 bits
  LDK_F: 56, // f k
  LDK_R: 57, // r k
  LDK_I: 58, // i n
  SQRT: 59, // f f
  FLOOR: 60,
  JNLE: 61,
  JNLEK: 62,
  JLTK: 63, // f k @
  CHAR_AT: 64, // r r f
  STRING_LENGTH: 65, // f r
  CONCAT: 66, // r r r
  STRING_EQ: 67, // i r r
  REM: 68,
  JNGTK: 69,
  JNGEK: 70,
  JGTK: 71,
  JGEK: 72,
  JLEK: 73,
  JLE: 74,
  OR_F: 75,
  XOR_F: 76,
  SHL_F: 77,
  SHR_F: 78,
  USHR_F: 79,
  GLOBAL_F: 80, // f n
  GLOBAL_R: 81, // r n
  SET_GLOBAL_F: 82, // f n
  SET_GLOBAL_R: 83, // r n
  BOX_F: 84, // r f
  BOX_R: 85, // r r
  UNBOX_F: 86, // f r
  UNBOX_OBJECT: 87, // r r n
  TUPLE_F: 88, // f r n
  TUPLE_R: 89, // r r n
  SET_TUPLE_F: 90, // r n f
  SET_TUPLE_R: 91, // r n r
  FIELD_B: 92, // i r n
  SET_FIELD_B: 93, // r n n i
  SET_CELL_R: 94, // r r
  IS_SAME: 95, // i r r
  RET_I: 96, // i
  RET_CYCLIC_I: 97,
  MOV_I: 98, // i i
  NEG: 99, // f f
  ABS: 100,
  LT: 101, // i f f
  LE: 102,
  EQ: 103,
  NE: 104,
  NOT: 105, // i i
  TO_I32: 106, // i f
  FROM_I32: 107, // f i
  FROM_U32: 108, // f i
  AND_I: 109, // i i i
  OR_I: 110,
  XOR_I: 111,
  SHL_I: 112,
  SHR_I: 113,
  USHR_I: 114,
  JEQI: 115, // i n @
  THROW: 116, // r
  STMT: 117, // a statement begins (debug builds only)
  UNREACHABLE: 118,
  HALT: 119,
} as const

export type Opcode = keyof typeof OPCODES

/** Words per instruction. */
export const WIDTH = 6
