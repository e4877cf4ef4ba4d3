/**
 * Instructions of the register machine. Each is {@link WIDTH} words: number, then operands, named
 * in the comment: `f i r` registers of the banks (relative to the frame), `k` index of a constant,
 * `n` a number, `@` a code address. The first operand is the destination where there is one.
 * The dispatch loop has the numbers as literals, since only then V8 makes a jump table of it; a
 * test compares them.
 */
export const OPCODES = {
  HALT: 0,
  SITE: 1, // n: the operation at a site, in the general way
  STMT: 2, // a statement begins (debug builds only)
  THROW: 3, // r
  UNREACHABLE: 4,
  JMP: 5, // @
  JT: 6, // i @
  JF: 7, // i @
  JEQI: 8, // i n @
  FUEL: 9, // one round of a loop
  FUEL_ADDK: 10, // f k: one round of a loop, then f += k
  CALL: 11, // @ f i r dst: first argument registers of each bank, register of the result
  CALL_CYCLIC: 12, // the same, counted in fuel and depth
  INVOKE: 13, // r f i r dst
  RET_F: 14, // f
  RET_I: 15, // i
  RET_R: 16, // r
  RET_U: 17,
  RET_CYCLIC_F: 18,
  RET_CYCLIC_I: 19,
  RET_CYCLIC_R: 20,
  RET_CYCLIC_U: 21,
  MOV_F: 22, // f f
  MOV_I: 23, // i i
  MOV_R: 24, // r r
  LDK_F: 25, // f k
  LDK_I: 26, // i n
  LDK_R: 27, // r k
  ADD: 28, // f f f
  SUB: 29,
  MUL: 30,
  DIV: 31,
  REM: 32,
  NEG: 33, // f f
  ADDK: 34, // f f k
  SUBK: 35,
  MULK: 36,
  SQRT: 37, // f f
  FLOOR: 38,
  ABS: 39,
  LT: 40, // i f f
  LE: 41,
  EQ: 42,
  NE: 43,
  JLT: 44, // f f @
  JLE: 45,
  JNLT: 46,
  JNLE: 47,
  JEQ: 48,
  JNE: 49,
  JLTK: 50, // f k @
  JLEK: 51,
  JGTK: 52,
  JGEK: 53,
  JNLTK: 54,
  JNLEK: 55,
  JNGTK: 56,
  JNGEK: 57,
  JEQK: 58,
  JNEK: 59,
  NOT: 60, // i i
  AND_I: 61, // i i i
  OR_I: 62,
  XOR_I: 63,
  SHL_I: 64,
  SHR_I: 65,
  USHR_I: 66,
  TO_I32: 67, // i f
  FROM_I32: 68, // f i
  FROM_U32: 69,
  AND_F: 70, // f f f
  OR_F: 71,
  XOR_F: 72,
  SHL_F: 73,
  SHR_F: 74,
  USHR_F: 75,
  LENGTH: 76, // f r
  GET_F: 77, // f r f
  GET_B: 78, // i r f
  GET_R: 79, // r r f
  GET_OPT: 80, // r r f
  GET_NAN: 81, // f r f
  SET_F: 82, // r f f: array, index, value
  SET_B: 83, // r f i
  SET_R: 84, // r f r
  PUSH_F: 85, // r f
  PUSH_R: 86, // r r
  STRING_LENGTH: 87, // f r
  CODE_AT: 88, // f r f
  CHAR_AT: 89, // r r f
  CONCAT: 90, // r r r
  STRING_EQ: 91, // i r r
  JSAME: 92, // r r @: strict equality of host values
  FIELD_F: 93, // f r n n: object, slot, field
  FIELD_B: 94, // i r n
  FIELD_R: 95, // r r n
  SET_FIELD_F: 96, // r n n f: object, slot, field, value
  SET_FIELD_B: 97, // r n n i
  SET_FIELD_R: 98, // r n n r
  CELL_F: 99, // f r k: cell, name
  CELL_R: 100, // r r k
  SET_CELL_F: 101, // r f
  SET_CELL_R: 102, // r r
  GLOBAL_F: 103, // f n
  GLOBAL_R: 104, // r n
  SET_GLOBAL_F: 105, // f n
  SET_GLOBAL_R: 106, // r n
  BOX_F: 107, // r f
  BOX_R: 108, // r r
  IS_SAME: 109, // i r r
  UNBOX_F: 110, // f r
  UNBOX_OBJECT: 111, // r r n
  TUPLE_F: 112, // f r n
  TUPLE_R: 113, // r r n
  SET_TUPLE_F: 114, // r n f
  SET_TUPLE_R: 115, // r n r
  JNSAME: 116, // r r @
} as const

export type Opcode = keyof typeof OPCODES

/** Words per instruction. */
export const WIDTH = 6
