import { BOUNDS } from './document.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Walks over JSON text without building anything and says which bound of the reader it exceeds,
 * if any. Text that is not JSON passes: the parser words that better.
 */
export function exceedsJsonBounds(text: string): string | undefined {
  let depth = 0
  let records = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === QUOTE) {
      for (i++; i < text.length && text.charCodeAt(i) !== QUOTE; i++) if (text.charCodeAt(i) === BACKSLASH) i++
    } else if (c === 0x7b || c === 0x5b) {
      records++
      if (++depth > BOUNDS.depth) return `nested more than ${BOUNDS.depth} deep`
    } else if (c === 0x7d || c === 0x5d) depth--
    else if (c === 0x2c && ++records > BOUNDS.records) return `more than ${BOUNDS.records} parts`
  }
  return records > BOUNDS.records ? `more than ${BOUNDS.records} parts` : undefined
}
