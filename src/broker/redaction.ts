/** Marks of HTML that have names (HTML 13.5), by what they stand for. */
const ENTITIES: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": 'apos' }

/** V8 runs out of stack over the pattern of a text of some thousand letters, and says the pattern in its error. */
const PART_LENGTH_MAX = 256

/**
 * Finds a text of printable ASCII in bytes read as Latin-1, in its usual spellings: as it is, escaped letter by letter as
 * in URLs, JSON, JavaScript or HTML (in any mixture), in hexadecimal, and in base64, also as a part of something longer, in
 * lines, or escaped again. A long text is found in parts of about the same length: one pattern each, in their order.
 */
export function redactionsOf(text: string): readonly RegExp[] {
  const count = Math.ceil(text.length / PART_LENGTH_MAX)
  const from = (part: number): number => Math.floor((part * text.length) / count)
  return Array.from({ length: count }, (_, part) => patternOf(text.slice(from(part), from(part + 1))))
}

function patternOf(text: string): RegExp {
  const letters = [...text].map(letterPattern).join('')
  const hex = Buffer.from(text).toString('hex')
  return new RegExp([letters, hex, ...base64Patterns(text)].join('|'), 'gi')
}

function letterPattern(letter: string): string {
  const code = letter.charCodeAt(0)
  const hex = code.toString(16).padStart(2, '0')
  const named = ENTITIES[letter]
  const spellings = [
    escape(letter),
    // Percent-encoding, also of what was encoded before.
    `%(?:25)*${hex}`,
    `\\\\u00${hex}`,
    `\\\\x${hex}`,
    `&#0*${code};`,
    `&#x0*${hex};`,
    ...(named === undefined ? [] : [`&${named};`]),
    ...(letter === ' ' ? ['\\+'] : []),
    // `\"`, `\\` and `\/` in JSON.
    ...('"\\/'.includes(letter) ? [`\\\\${escape(letter)}`] : []),
  ]
  return `(?:${spellings.sort((a, b) => b.length - a.length).join('|')})`
}

/** What base64 makes of the text at each of the three places where it can stand; letters at its ends depend on its neighbours. */
function base64Patterns(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const whole = bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6))
    return [...whole].map(base64Letter).join(LINE_BREAK)
  })
}

const LINE_BREAK = String.raw`(?:[\r\n]|\\[rn]|%0[ad])*`

/** The letters that the two alphabets (RFC 4648 sections 4 and 5) do not share are those that others escape. */
function base64Letter(letter: string): string {
  if (letter === '+') return `(?:-|${letterPattern('+')})`
  return letter === '/' ? `(?:_|${letterPattern('/')})` : letter
}

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
