/** A policy in its file: where its text begins, as an offset in UTF-16 code units. */
export type PolicyText = { readonly start: number; readonly text: string }

/**
 * Cuts a file at the semicolons that end policies, so that one which does not parse hides no other. Strings and comments are
 * passed over as the grammar has them (https://docs.cedarpolicy.com/policies/syntax-grammar.html).
 */
export function splitPolicies(file: string): readonly PolicyText[] {
  const parts: PolicyText[] = []
  let start = 0
  for (const { 0: token, index } of file.matchAll(TOKENS)) {
    if (token !== ';') continue
    parts.push(cut(file, start, index + 1))
    start = index + 1
  }
  const rest = cut(file, start, file.length)
  return isBlank(rest.text) ? parts : [...parts, rest]
}

const TOKENS = /\/\/[^\n]*|"(?:[^"\\]|\\.)*"?|;/gs

/** Without the blanks and comments before it. */
function cut(file: string, from: number, to: number): PolicyText {
  const text = file.slice(from, to)
  const skipped = /^(?:\s|\/\/[^\n]*(?:\n|$))*/.exec(text)![0].length
  return { start: from + skipped, text: text.slice(skipped) }
}

const isBlank = (text: string): boolean => text.trim() === ''
