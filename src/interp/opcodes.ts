/**
 * Instructions of the register machine. Each is {@link WIDTH} words: number, then operands, named
 * in the comment: `f i r` registers of the banks (relative to the frame), `k` index of a constant,
 * `n` a number, `@` a code address. The first operand is the destination where there is one. What
 * has no comment is like the one before.
 *
 * The dispatch loop has the numbers as literals, for speed; a test compares them.
 */
export const OPCODES = {
  HALT: 0,
  UNREACHABLE: 1,
  STMT: 2, // a statement begins (debug builds only)
  SITE: 3, // n: the operation at a site, in the general way
  THROW: 4, // r
  JMP: 5, // @
  JT: 6, // i @
  JF: 7, // i @
  JEQI: 8, // i n @
  FUEL: 9, // one round of a loop
  FUEL_JMP: 10, // @: one round of a loop without update or test
  FUEL_ADDK: 11, // f k: one round of a loop, then f += k
  FOR_LT: 12, // f k f @: one round, first += k, jump when first < second
  FOR_LTK: 13, // f k k @
  FOR_LENGTH: 14, // f k r @: as FOR_LT, up to the length of an array
  CALL: 15, // @ f i r dst: first argument registers of each bank, register of the result
  CALL_CYCLIC: 16, // the same, counted in fuel and depth
  INVOKE: 17, // r f i r dst
  RET_F: 18, // f
  RET_I: 19, // i
  RET_R: 20, // r
  RET_CYCLIC_F: 21, // f: of a function on a call cycle
  RET_CYCLIC_I: 22,
  RET_CYCLIC_R: 23,
  MOV_F: 24, // f f
  MOV_I: 25, // i i
  MOV_R: 26, // r r
  LDK_F: 27, // f k
  LDK_I: 28, // i n
  LDK_R: 29, // r k
  ADD: 30, // f f f
  SUB: 31,
  MUL: 32,
  DIV: 33,
  REM: 34,
  MIN: 35,
  MAX: 36,
  ADDK: 37, // f f k
  SUBK: 38,
  MULK: 39,
  DIVK: 40,
  REMK: 41,
  MUL_ADD: 42, // f f f f: second + third * fourth, each rounded
  MUL_SUB: 43, // f f f f: second - third * fourth
  NEG: 44, // f f
  SQRT: 45, // f f
  FLOOR: 46,
  ABS: 47,
  LT: 48, // i f f
  LE: 49,
  EQ: 50,
  NE: 51,
  TRUTHY: 52, // i f
  NOT: 53, // i i
  JLT: 54, // f f @
  JLE: 55,
  JEQ: 56,
  JNE: 57,
  JNLT: 58,
  JNLE: 59,
  JLTK: 60, // f k @
  JLEK: 61,
  JGTK: 62,
  JGEK: 63,
  JEQK: 64,
  JNEK: 65,
  JNLTK: 66,
  JNLEK: 67,
  JNGTK: 68,
  JNGEK: 69,
  AND_I: 70, // i i i
  OR_I: 71,
  XOR_I: 72,
  SHL_I: 73,
  SHR_I: 74,
  USHR_I: 75,
  TO_I32: 76, // i f
  FROM_I32: 77, // f i
  FROM_U32: 78,
  AND_F: 79, // f f f: of the low 32 bits
  OR_F: 80,
  XOR_F: 81,
  SHL_F: 82,
  SHR_F: 83,
  USHR_F: 84,
  LENGTH: 85, // f r
  GET_F: 86, // f r f
  GET_B: 87, // i r f
  GET_R: 88, // r r f
  GET_OPT: 89, // r r f
  GET_NAN: 90, // f r f
  SET_F: 91, // r f f: array, index, value
  SET_B: 92, // r f i
  SET_R: 93, // r f r
  PUSH_F: 94, // r f
  PUSH_R: 95, // r r
  JNHAS_F: 96, // r f @: of an array of numbers
  JNHAS_R: 97,
  TUPLE_F: 98, // f r n
  TUPLE_R: 99, // r r n
  SET_TUPLE_F: 100, // r n f
  SET_TUPLE_R: 101, // r n r
  STRING_LENGTH: 102, // f r
  CODE_AT: 103, // f r f
  CHAR_AT: 104, // r r f
  CONCAT: 105, // r r r
  STRING_EQ: 106, // i r r
  NEW_OBJECT: 107, // n: object.new at a site
  FIELD_F: 108, // f r n n: object, slot, field
  FIELD_B: 109, // i r n
  FIELD_R: 110, // r r n
  SET_FIELD_F: 111, // r n n f: object, slot, field, value
  SET_FIELD_B: 112, // r n n i
  SET_FIELD_R: 113, // r n n r
  NEW_CELL_F: 114, // r f
  NEW_CELL_R: 115, // r r
  CELL_F: 116, // f r k: cell, name
  CELL_R: 117, // r r k
  SET_CELL_F: 118, // r f
  SET_CELL_R: 119, // r r
  GLOBAL_F: 120, // f n
  GLOBAL_R: 121, // r n
  SET_GLOBAL_F: 122, // f n
  SET_GLOBAL_R: 123, // r n
  IS_SAME: 124, // i r r
  JSAME: 125, // r r @
  JNSAME: 126,
  JREFK: 127, // r k @: is a constant
  JNREFK: 128,
  JNONE: 129, // r @: is null or undefined
  JSOME: 130,
  BOX_F: 131, // r f
  BOX_R: 132, // r r
  UNBOX_F: 133, // f r
  UNBOX_SOME: 134, // r r: not null or undefined
  UNBOX_OBJECT: 135, // r r n
  REQUIRE: 136, // r r n: not null or undefined; otherwise the operation at a site fails
} as const

export type Opcode = keyof typeof OPCODES

/** Words per instruction. */
export const WIDTH = 6
