type Duplicate = { readonly name: string; readonly pointer: string }

/** An object or array that has begun: where in it the reader is, and the names of an object so far. */
type Level = { key: string | number; readonly names: Set<string> | undefined }

/** A string, or a mark; numbers, words and space say nothing here. */
const TOKEN = /"(?:[^"\\]+|\\.)*"|[{}[\],:]/g

/** The first member that an object of a JSON text has twice, with its pointer (RFC 6901). Only for texts in which there is one. */
export function findDuplicate(text: string): Duplicate {
  const levels: Level[] = []
  let isName = false
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    if (token === '{' || token === '[') {
      levels.push(token === '{' ? { key: '', names: new Set() } : { key: 0, names: undefined })
      isName = token === '{'
    } else if (token === '}' || token === ']') {
      levels.pop()
      isName = false
    } else if (token === ',') {
      isName = level?.names !== undefined
      if (typeof level?.key === 'number') level.key++
    } else if (token !== ':' && isName && level?.names) {
      level.key = JSON.parse(token) as string
      isName = false
      if (level.names.has(level.key)) return { name: level.key, pointer: pointerOf(levels) }
      level.names.add(level.key)
    }
  }
  throw new Error('no member of the text is given twice')
}

const pointerOf = (levels: readonly Level[]): string =>
  levels.map(({ key }) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
