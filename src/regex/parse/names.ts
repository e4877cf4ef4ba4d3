import { fail, type Cursor } from './cursor.ts'
import { unicodeEscape } from './escapes.ts'

/** GroupName after its `<`. Surrogate pairs and escapes make one character, whatever the flags. */
export function groupName(c: Cursor): string {
  let name = ''
  for (;;) {
    if (c.eat('>') && name !== '') return name
    const char = nameChar(c)
    const isPart = name === '' ? /^[$_\p{ID_Start}]$/u : /^[$\u200c\u200d\p{ID_Continue}]$/u
    if (char === null || !isPart.test(char)) return fail('Invalid capture group name')
    name += char
  }
}

function nameChar(c: Cursor): string | null {
  if (c.eat('\\')) {
    if (!c.eat('u')) return null
    return String.fromCodePoint(unicodeEscape(c, true) ?? fail('Invalid Unicode escape'))
  }
  const code = c.text.codePointAt(c.at)
  if (code === undefined) return null
  c.at += code > 0xffff ? 2 : 1
  return String.fromCodePoint(code)
}

/** How many groups a pattern has from a place on, and whether some of all of them are named: decides what some escapes mean (B.1.2). */
export function surveyGroups(text: string): { readonly count: number; readonly named: boolean } {
  let [count, named, inClass] = [0, false, false]
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '\\') i++
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '(' && !inClass) {
      if (text[i + 1] !== '?') count++
      else if (text[i + 2] === '<' && text[i + 3] !== '=' && text[i + 3] !== '!') {
        count++
        named = true
      }
    }
  }
  return { count, named }
}
