export interface WordCount {
  word: string
  count: number
  /** Share of all counted words, in percent with one decimal. */
  percent: number
}

export interface Frequencies {
  words: number
  distinct: number
  top: WordCount[]
  longest: string | null
}

const STOP_WORDS = [
  'a',
  'an',
  'and',
  'are',
  'as',
  'at',
  'be',
  'by',
  'for',
  'in',
  'is',
  'it',
  'of',
  'on',
  'or',
  'that',
  'the',
  'to',
  'was',
  'with',
]

/**
 * Counts the words of a text, without regard to case. A word is a run of letters, digits and inner apostrophes.
 *
 * @param text the text
 * @param top how many of the most frequent words to return; words of equal count come in alphabetical order
 * @param skipStopWords whether to leave out the commonest English words
 * @returns the number of words counted, the number of different ones, the most frequent and the longest
 * @requires top >= 0
 * @ensures result.distinct <= result.words
 */
export function wordFrequency(text: string, top: number = 5, skipStopWords: boolean = true): Frequencies {
  const words = splitWords(text.toLowerCase()).filter((w) => !skipStopWords || !STOP_WORDS.includes(w))
  const sorted = words.toSorted()
  const counts: WordCount[] = []
  for (let i = 0; i < sorted.length;) {
    let j = i
    while (j < sorted.length && sorted[j] === sorted[i]) j++
    counts.push({ word: sorted[i], count: j - i, percent: Math.round(((j - i) / sorted.length) * 1000) / 10 })
    i = j
  }
  counts.sort((a, b) => b.count - a.count)
  console.log(`${words.length} words, ${counts.length} different`)
  return {
    words: words.length,
    distinct: counts.length,
    top: counts.slice(0, top),
    longest: words.length === 0 ? null : words.reduce((best, w) => (w.length > best.length ? w : best)),
  }
}

function splitWords(text: string): string[] {
  const words: string[] = []
  let word = ''
  for (const c of text + ' ') {
    if (isWordCharacter(c) || (c === "'" && word !== '')) {
      word += c
      continue
    }
    while (word.endsWith("'")) word = word.slice(0, -1)
    if (word !== '') words.push(word)
    word = ''
  }
  return words
}

/** Letters of any alphabet that has two cases, and ASCII digits. */
function isWordCharacter(c: string): boolean {
  return (c >= '0' && c <= '9') || c.toLowerCase() !== c.toUpperCase()
}
