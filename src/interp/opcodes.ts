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
  RET_U: 21, // undefined
  RET_CYCLIC_F: 22, // f: of a function on a call cycle
  RET_CYCLIC_I: 23,
  RET_CYCLIC_R: 24,
  RET_CYCLIC_U: 25,
  MOV_F: 26, // f f
  MOV_I: 27, // i i
  MOV_R: 28, // r r
  LDK_F: 29, // f k
  LDK_I: 30, // i n
  LDK_R: 31, // r k
  ADD: 32, // f f f
  SUB: 33,
  MUL: 34,
  DIV: 35,
  REM: 36,
  MIN: 37,
  MAX: 38,
  ADDK: 39, // f f k
  SUBK: 40,
  MULK: 41,
  DIVK: 42,
  REMK: 43,
  KSUB: 44, // f k f: constant first
  KDIV: 45,
  MUL_ADD: 46, // f f f f: second + third * fourth, each rounded
  MUL_SUB: 47, // f f f f: second - third * fourth
  NEG: 48, // f f
  SQRT: 49, // f f
  FLOOR: 50,
  ABS: 51,
  LT: 52, // i f f
  LE: 53,
  EQ: 54,
  NE: 55,
  TRUTHY: 56, // i f
  NOT: 57, // i i
  JLT: 58, // f f @
  JLE: 59,
  JEQ: 60,
  JNE: 61,
  JNLT: 62,
  JNLE: 63,
  JLTK: 64, // f k @
  JLEK: 65,
  JGTK: 66,
  JGEK: 67,
  JEQK: 68,
  JNEK: 69,
  JNLTK: 70,
  JNLEK: 71,
  JNGTK: 72,
  JNGEK: 73,
  JTRUTHY: 74, // f @
  JFALSY: 75,
  AND_I: 76, // i i i
  OR_I: 77,
  XOR_I: 78,
  SHL_I: 79,
  SHR_I: 80,
  USHR_I: 81,
  TO_I32: 82, // i f
  FROM_I32: 83, // f i
  FROM_U32: 84,
  AND_F: 85, // f f f: of the low 32 bits
  OR_F: 86,
  XOR_F: 87,
  SHL_F: 88,
  SHR_F: 89,
  USHR_F: 90,
  LENGTH: 91, // f r
  GET_F: 92, // f r f
  GET_B: 93, // i r f
  GET_R: 94, // r r f
  GET_OPT: 95, // r r f
  GET_SOME: 96, // r r f @: as GET_OPT, jump unless the element is undefined
  GET_REQUIRED: 97, // r r f n: GET_OPT, then REQUIRE
  GET_NAN: 98, // f r f
  SET_F: 99, // r f f: array, index, value
  SET_B: 100, // r f i
  SET_R: 101, // r f r
  PUSH_F: 102, // r f
  PUSH_R: 103, // r r
  JNHAS_F: 104, // r f @: of an array of numbers
  JNHAS_R: 105,
  GET_HAS_F: 106, // f r f @: the element, or jump when it is missing
  GET_HAS_R: 107, // r r f @
  TUPLE_F: 108, // f r n
  TUPLE_R: 109, // r r n
  SET_TUPLE_F: 110, // r n f
  SET_TUPLE_R: 111, // r n r
  STRING_LENGTH: 112, // f r
  CODE_AT: 113, // f r f
  CHAR_AT: 114, // r r f
  CONCAT: 115, // r r r
  STRING_EQ: 116, // i r r
  NEW_OBJECT: 117, // n: object.new at a site
  FIELD_F: 118, // f r n n: object, slot, field
  FIELD_B: 119, // i r n
  FIELD_R: 120, // r r n
  SET_FIELD_F: 121, // r n n f: object, slot, field, value
  SET_FIELD_B: 122, // r n n i
  SET_FIELD_R: 123, // r n n r
  NEW_CELL_F: 124, // r f
  NEW_CELL_R: 125, // r r
  CELL_F: 126, // f r k: cell, name
  CELL_R: 127, // r r k
  SET_CELL_F: 128, // r f
  SET_CELL_R: 129, // r r
  GLOBAL_F: 130, // f n
  GLOBAL_R: 131, // r n
  SET_GLOBAL_F: 132, // f n
  SET_GLOBAL_R: 133, // r n
  IS_SAME: 134, // i r r
  JSAME: 135, // r r @
  JNSAME: 136,
  JREFK: 137, // r k @: is a constant
  JNREFK: 138,
  JNONE: 139, // r @: is null or undefined
  JSOME: 140,
  BOX_F: 141, // r f
  BOX_R: 142, // r r
  UNBOX_F: 143, // f r
  UNBOX_SOME: 144, // r r: not null or undefined
  UNBOX_OBJECT: 145, // r r n
  REQUIRE: 146, // r n: not null or undefined; otherwise the operation at a site fails
  RETHROW: 147, // r r: value, where it came from
  TYPED_GET: 148, // f r f: element of a typed array
  TYPED_NAN: 149, // f r f
  TYPED_LENGTH: 150, // f r
  TYPED_SET: 151, // r f f: typed array, index, value
} as const

export type Opcode = keyof typeof OPCODES

/** Words per instruction. */
export const WIDTH = 6
