// Constants at which operations change what they do.
import type { Random } from './random.ts'

const EDGES = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  -(2 ** 31) - 1,
  2 ** 32 - 2,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  1e21,
  5e-324,
  1.7976931348623157e308,
]
const SPECIAL = [-0, -0, NaN, NaN, Infinity, -Infinity, 0.5, -1.5]
const SMALL = [
  0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 31, 32, 33, 36, 64, 65, 100, 101, 127, 128, 255, 0xd83d, 0x1f600, -2, -7.25,
]
/** Numbers that are often indexes of what is there. */
const INDEXES = [0, 0, 1, 1, 2, 3, 4, -1]
const I32_EDGES = [0, 1, -1, 2, 5, 31, 32, 33, 255, -256, 0x5bd1e995, 2 ** 30, 2 ** 31 - 1, -(2 ** 31)]

export const EDGE_STRINGS: readonly string[] = [
  '',
  'a',
  'b',
  'abc',
  'abcabc',
  '(a)|b+',
  '$1$&',
  'g',
  '[^a',
  ' 12 ',
  '0',
  '1',
  '10',
  '-1',
  '4294967295',
  '0x1F',
  '-1e3',
  'NaN',
  'Infinity',
  '\ud83d',
  '\ude00a',
  'ü😀',
  'É\u0301ß',
  'a\u0000b',
  '\u2028',
  '"\\\n',
  '$&$1',
  'a,b,,c',
  '__proto__',
  'x'.repeat(40),
  'ab'.repeat(70),
]

export const EDGE_BIGINTS: readonly string[] = [
  '0',
  '0',
  '1',
  '-1',
  '2',
  '7',
  '-10',
  '64',
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '18446744073709551616',
  '-340282366920938463463374607431768211457',
  '123456789012345678901234567890123456789012345678901234567890',
]

/** A number at the edge of something, a small one, or an index. */
export function edgeNumber({ pick, int }: Random): number {
  switch (int(6)) {
    case 0:
      return pick(EDGES)
    case 1:
      return pick(SMALL)
    case 2:
      return pick(SPECIAL)
    default:
      return pick(INDEXES)
  }
}

/** Few constants for one function, so that values are often equal. */
export type Pool = { readonly numbers: readonly number[]; readonly strings: readonly string[] }

export function makePool(random: Random): Pool {
  return {
    numbers: Array.from({ length: 4 }, () => edgeNumber(random)),
    strings: Array.from({ length: 3 }, () => random.pick(EDGE_STRINGS)),
  }
}

export function edgeInteger({ pick }: Random): number {
  return pick(I32_EDGES)
}

/** A number that is often the index of something. */
export function indexNumber({ pick }: Random): number {
  return pick(INDEXES)
}
