/** Marks of HTML that have names (HTML 13.5), by what they stand for. */
const ENTITIES: Readonly<Record<string, string>> = { '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": 'apos' }

/**
 * Finds a text of printable ASCII in bytes read as Latin-1, in its usual spellings: as it is, escaped letter by letter as
 * in URLs, JSON, JavaScript or HTML (in any mixture), in hexadecimal, and in base64, also as a part of something longer.
 */
export function redactionOf(text: string): RegExp {
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
    return [...whole].map((letter) => (letter === '+' ? '[+-]' : letter === '/' ? '[/_]' : letter)).join('')
  })
}

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
