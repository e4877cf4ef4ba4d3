import type { Library } from './oracle.ts'

type PreludeFile = {
  /** What programs say that use something of the file, as far as their text shows it. */
  readonly when: RegExp
  /** Other files of the prelude that its functions call. */
  readonly needs?: readonly string[]
}

const ARRAY_METHODS =
  /\.(?:forEach|map|filter|some|every|find\w*|reduce\w*|flat\w*|concat|toReversed|with|toSpliced|entries|keys|values|from)\b/
/** The start of a literal: a slash behind what no operand ends with, which begins no comment. */
const PATTERN = /\bRegExp\b|\.(?:match|matchAll|search)\b|[=(,:[!&|?{};]\s*\/[^/*\s]/
const TYPED = /\b(?:Float|(?:Big)?(?:Ui|I)nt)\d+(?:Clamped)?Array\b|\bDataView\b|\bArrayBuffer\b/
/** What a program says in which a class extends Map or Set. */
export const EXTENDS_TABLE = /\bextends\s*\(*\s*(?:Map|Set)\b/
const FROM_CODES = /\b(?:replace|replaceAll|isWellFormed|toWellFormed|fromCharCode|fromCodePoint|randomUUID)\b/

/**
 * The files of the prelude. A program is parsed and analysed with those that its text asks for; where that is not all, it is compiled once more
 * with the others, so what stands here decides how long it takes and nothing else.
 */
export const PRELUDE_FILES: Readonly<Record<string, PreludeFile>> = {
  'abort.ts': {
    when: /\bAbort(?:Controller|Signal)\b/,
    needs: ['dom-exception.ts', 'timers.ts', 'array.ts', 'iterators.ts'],
  },
  'array.ts': { when: ARRAY_METHODS },
  'async-generator.ts': {
    when: /\basync\s*\*|\basync\s+function\s*\*|\bfor\s+await\b|asyncIterator|\bfromAsync\b/,
    needs: ['promise.ts', 'iterators.ts'],
  },
  'base64.ts': { when: /\b(?:atob|btoa)\b/, needs: ['dom-exception.ts'] },
  'data-view.ts': { when: /\b(?:DataView|ArrayBuffer)\b/, needs: ['typed.ts'] },
  'date.ts': { when: /\bDate\b/ },
  'dom-exception.ts': { when: /\bDOMException\b/ },
  'extended-tables.ts': { when: EXTENDS_TABLE, needs: ['table.ts', 'iterators.ts'] },
  'intl.ts': { when: /\bIntl\b/, needs: ['date.ts'] },
  'iterator-helpers.ts': { when: /\.(?:drop|take|toArray)\b/, needs: ['iterators.ts'] },
  'iterators.ts': { when: /\bfunction\s*\*|\byield\b|\b[iI]terator\b|\.(?:values|keys|entries|matchAll)\(/ },
  'json.ts': { when: /\bJSON\.parse\([^;]*,/ },
  'math.ts': { when: /\bMath\.(?:hypot|max|min)\b/ },
  'object.ts': { when: /\b(?:fromEntries|groupBy)\b/, needs: ['table.ts'] },
  'promise-combinators.ts': {
    when: /\bPromise\s*\.(?:all|allSettled|any|race)\b|\bAggregateError\b/,
    needs: ['promise.ts', 'iterators.ts'],
  },
  'promise.ts': { when: /\basync\b|\bawait\b|\bPromise\b/, needs: ['iterators.ts'] },
  'regexp-replace.ts': { when: /\.(?:replace|replaceAll)\b/, needs: ['regexp.ts'] },
  'regexp.ts': { when: PATTERN },
  'sort.ts': { when: /\.(?:sort|toSorted)\b/ },
  'symbol.ts': { when: /\bSymbol(?:\.(?:for|keyFor))?\(/ },
  'string.ts': { when: FROM_CODES },
  'table.ts': { when: /\b(?:Map|Set)\b|\b(?:union|intersection|difference|groupBy)\b/ },
  'text-coding.ts': { when: /\bText(?:En|De)coder\b/, needs: ['typed.ts'] },
  'typed-sort.ts': { when: TYPED, needs: ['typed.ts'] },
  'typed.ts': { when: TYPED },
  'search-params.ts': {
    when: /\bURLSearchParams\b/,
    needs: ['uri.ts', 'text-coding.ts', 'typed.ts', 'iterators.ts', 'string.ts', 'array.ts'],
  },
  'weak.ts': { when: /\bWeak(?:Map|Set)\b/, needs: ['iterators.ts', 'table.ts', 'symbol.ts'] },
  'url.ts': {
    when: /\bURL\b/,
    needs: ['search-params.ts', 'uri.ts', 'text-coding.ts', 'typed.ts', 'iterators.ts', 'string.ts', 'array.ts'],
  },
  'uri.ts': { when: /\b(?:en|de)codeURI/ },
  'timers.ts': { when: /\b(?:set|clear)(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\banrf:clock\b/ },
}

/** The files that texts of a program ask for, in the order of the table. */
export function askedFor(texts: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (path: string): void => {
    if (found.has(path)) return
    found.add(path)
    PRELUDE_FILES[path]?.needs?.forEach(add)
  }
  for (const [path, { when }] of Object.entries(PRELUDE_FILES)) if (texts.some((text) => when.test(text))) add(path)
  return found
}

/** A part of the prelude is asked for whose file was left out. */
export class LeftOut extends Error {
  readonly path: string

  constructor(path: string) {
    super(`the prelude was compiled without ${path}`)
    this.path = path
  }
}

const indices = new WeakMap<Library, ReadonlyMap<string, string>>()

/** The file of each function and class of the prelude, by its name. */
export function filesOfNames(library: Library): ReadonlyMap<string, string> {
  const known = indices.get(library)
  if (known) return known
  const index = new Map<string, string>()
  for (const { path, text } of library.prelude)
    for (const [, name] of text.matchAll(/^export (?:function\*?|class) (\w+)/gm)) index.set(name!, path)
  indices.set(library, index)
  return index
}
