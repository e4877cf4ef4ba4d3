type Edit = { kind: ' ' | '-' | '+'; line: string; oldLine: number; newLine: number }

export interface DiffResult {
  added: number
  removed: number
  /** Unified form: hunks with a few lines of context. Empty when the texts are equal. */
  patch: string
}

/**
 * Compares two texts line by line (longest common subsequence) and writes the difference as a patch.
 *
 * @param before the old text
 * @param after the new text
 * @param context how many unchanged lines to show around a change
 * @returns the number of lines added and removed, and the patch
 * @requires context >= 0
 * @ensures result.patch !== '' || result.added + result.removed === 0
 */
export function diff(before: string, after: string, context: number = 3): DiffResult {
  const edits = editsBetween(linesOf(before), linesOf(after))
  const added = edits.filter((e) => e.kind === '+').length
  const removed = edits.filter((e) => e.kind === '-').length
  console.log(`+${added} -${removed}`)
  const patch = hunksOf(edits, context)
    .map((hunk) => [headerOf(hunk), ...hunk.map((e) => e.kind + e.line)].join('\n'))
    .join('\n')
  return { added, removed, patch }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines[lines.length - 1] === '') lines.pop()
  return lines
}

function editsBetween(a: readonly string[], b: readonly string[]): Edit[] {
  // lengths[i][j]: length of the longest common subsequence of a from i and b from j.
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1])
    }
  }
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const at = { oldLine: i + 1, newLine: j + 1 }
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push({ kind: ' ', line: a[i++], ...at })
      j++
    } else if (i < a.length && (j === b.length || lengths[i + 1][j] >= lengths[i][j + 1])) {
      edits.push({ kind: '-', line: a[i++], ...at })
    } else {
      edits.push({ kind: '+', line: b[j++], ...at })
    }
  }
  return edits
}

/** Cuts the edits into runs that have no more than two contexts of unchanged lines between changes. */
function hunksOf(edits: readonly Edit[], context: number): Edit[][] {
  const hunks: Edit[][] = []
  let end = -1
  edits.forEach((edit, i) => {
    if (edit.kind === ' ') return
    const from = Math.max(i - context, end)
    const to = Math.min(i + context + 1, edits.length)
    if (hunks.length > 0 && i - context <= end) hunks[hunks.length - 1].push(...edits.slice(end, to))
    else hunks.push(edits.slice(Math.max(from, 0), to))
    end = Math.max(end, to)
  })
  return hunks
}

function headerOf(hunk: readonly Edit[]): string {
  const olds = hunk.filter((e) => e.kind !== '+').length
  const news = hunk.filter((e) => e.kind !== '-').length
  const [first] = hunk
  return `@@ -${olds === 0 ? first.oldLine - 1 : first.oldLine},${olds} +${news === 0 ? first.newLine - 1 : first.newLine},${news} @@`
}
