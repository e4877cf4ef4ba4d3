import type { Random } from './random.ts'

export type Case = {
  readonly source: string
  readonly flags: string
  readonly text: string
  readonly lastIndex: number
}

const FLAGS = ['', '', '', 'i', 'm', 's', 'u', 'v', 'iu', 'iv', 'y', 'gy', 'gu', 'ims', 'imu', 'uy']
const CHARS = [
  'a',
  'b',
  'c',
  'A',
  'B',
  'k',
  's',
  'S',
  '1',
  '_',
  '-',
  ' ',
  '\n',
  'é',
  'É',
  'ß',
  'ſ',
  '\u212a',
  'ω',
  'Ω',
  '😀',
  '\ud83d',
  '\ude00',
  'İ',
  'ı',
  'µ',
  'ǅ',
]
const SIMPLE = ['a', 'b', 'c', 'ab', 'abc', 'a', 'b']
const ESCAPES = [
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\b',
  '\\B',
  '\\n',
  '\\t',
  '\\cA',
  '\\c',
  '\\c1',
  '\\0',
  '\\01',
  '\\1',
  '\\2',
  '\\3',
  '\\9',
  '\\07',
  '\\x41',
  '\\x4',
  '\\u0041',
  '\\u004',
  '\\u{61}',
  '\\ud83d\\ude00',
  '\\ud83d',
  '\\-',
  '\\.',
  '\\/',
  '\\a',
  '\\k',
  '\\k<n>',
  '\\k<m>',
  '\\p{Lu}',
  '\\P{Lu}',
  '\\p{L}',
  '\\p{Script=Greek}',
  '\\p{ASCII}',
  '\\p{Nope}',
  '\\p',
  '\\8',
  '\\{',
  '\\]',
]
const CLASS_PARTS = [
  'a',
  'b',
  'c',
  'a-c',
  'b-z',
  'A-Z',
  'z-a',
  '0-9',
  '\\d',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '-',
  '^',
  'é',
  'ß-ÿ',
  '😀',
  '\\ud83d',
  '\\b',
  '\\B',
  '\\c1',
  '\\cA',
  '\\-',
  '\\x61',
  '\\u{61}',
  '\\p{Lu}',
  '\\P{L}',
  '.',
  '(',
  '|',
  '\\k',
  '\\1',
  '\\d-z',
  'a-\\d',
  '\\q{ab|c}',
  '\\q{}',
  '[ab]',
  '&&',
  '--',
  '&',
  '!',
  '!!',
  '[^a]',
  ']',
  '\\u{1F600}',
  'K',
  's',
  '/',
]
const QUANTIFIERS = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,2}',
  '{0,1}',
  '{2,}',
  '{0}',
  '{,2}',
  '{1,2}?',
  '{2,1}',
  '{',
  '{1',
]

/** A random pattern with flags and a text that it may match. One in three has parts that are mistakes. */
export function randomCase(random: Random): Case {
  const odd = random.chance(33)
  const flags = random.pick(FLAGS)
  const source = pattern(random, odd, 3)
  const text = randomText(random)
  return { source: source === '' ? '(?:)' : source, flags, text, lastIndex: random.chance(25) ? random.below(5) : 0 }
}

function randomText(random: Random): string {
  const length = random.below(10)
  const plain = random.chance(60)
  return Array.from({ length }, () => random.pick(plain ? ['a', 'b', 'c', 'ab', '\n', 'aa'] : CHARS)).join('')
}

function pattern(random: Random, odd: boolean, depth: number): string {
  const options = random.chance(25) ? 2 + random.below(2) : 1
  return Array.from({ length: options }, () => alternative(random, odd, depth)).join('|')
}

function alternative(random: Random, odd: boolean, depth: number): string {
  const count = random.below(4)
  return Array.from({ length: count }, () => term(random, odd, depth)).join('')
}

function term(random: Random, odd: boolean, depth: number): string {
  if (random.chance(8)) return random.pick(['^', '$', '\\b', '\\B'])
  const body = atom(random, odd, depth)
  if (!random.chance(40)) return body
  return body + random.pick(odd ? QUANTIFIERS : QUANTIFIERS.slice(0, 11))
}

const GROUPS = ['(', '(', '(', '(?:', '(?=', '(?!', '(?<=', '(?<!', '(?<n>', '(?<m>', '(?i:', '(?-i:', '(?s-m:']
const ODD_GROUPS = [
  ...GROUPS,
  '(?<n>',
  '(?<1>',
  '(?',
  '(?i-i:',
  '(?-:',
  '(?<\\u0061>',
  '(?ii:',
  '(?i--s:',
  '(?x:',
  '(?<n',
]

function atom(random: Random, odd: boolean, depth: number): string {
  const kind = random.below(10)
  if (kind < 4) return random.pick(random.chance(70) ? SIMPLE : CHARS)
  if (kind === 4) return '.'
  if (kind === 5) return random.pick(odd ? ESCAPES : ESCAPES.slice(0, 6))
  if (kind === 6) return charClass(random, odd)
  if (kind === 7 && odd && random.chance(20)) return random.pick([')', '(', '[', ']', '}', '{', '*', '\\', '{1}', '/'])
  if (depth === 0) return random.pick(SIMPLE)
  return `${random.pick(odd ? ODD_GROUPS : GROUPS.slice(0, 8))}${pattern(random, odd, depth - 1)})`
}

function charClass(random: Random, odd: boolean): string {
  const count = random.below(4)
  const parts = Array.from({ length: count }, () => random.pick(odd ? CLASS_PARTS : CLASS_PARTS.slice(0, 6)))
  return `[${random.chance(25) ? '^' : ''}${parts.join('')}]`
}
