import type { Call, NodeJob, NodeOutcome } from './oracle.ts'

/**
 * One golden case, a markdown file of the form
 *
 *     # What is shown, a sentence
 *     ## source              a `ts` block, the main file; `## source lib.ts` adds a file beside it
 *     ## calls               a `jsonl` block, one `{"entry","args"}` per line
 *     ## outcome             a `jsonl` block, what Node answers to each call, line by line
 *     ## traps               optional `jsonl` block, `{"call":N,"trap":"name"}`: where ANRF stops with a trap by design
 *     ## diagnostics         why ANRF refuses the program, if it does: `CODE line:column message`; calls and outcome
 *                            are then what Node does, or are left out
 *
 * An outcome names `args` only where the call changed them, and `logs` only where something was printed.
 */
export type Golden = {
  readonly title: string
  readonly files: Readonly<Record<string, string>>
  readonly calls: readonly Call[]
  readonly outcome: readonly NodeOutcome[]
  readonly traps: readonly { readonly call: number; readonly trap: string }[]
  readonly diagnostics: readonly string[] | undefined
}

export const MAIN = 'main.ts'

/** Reads a golden file. Throws an `Error` that names the defect when the file is not of the form above. */
export function parseGolden(text: string): Golden {
  const title = /^# (.+)\n/.exec(text)?.[1]
  if (title === undefined) throw new Error('a golden begins with a title, `# ...`')
  const sections = readSections(text)
  const files = Object.fromEntries(
    [...sections]
      .filter(([name]) => name.startsWith('source'))
      .map(([name, body]) => [name.slice('source'.length).trim() || MAIN, body]),
  )
  if (files[MAIN] === undefined) throw new Error('a golden has a section `## source`')
  const diagnostics = sections.get('diagnostics')
  return {
    title,
    files,
    calls: readLines<Call>(sections.get('calls')),
    outcome: readLines<NodeOutcome>(sections.get('outcome')),
    traps: readLines<{ call: number; trap: string }>(sections.get('traps')),
    diagnostics: diagnostics?.split('\n').filter((line) => line !== ''),
  }
}

function readSections(text: string): Map<string, string> {
  const pattern = /^## (.+)\n+```\w*\n([\s\S]*?)^```$/gm
  return new Map([...text.matchAll(pattern)].map((m) => [m[1]!.trim(), m[2]!]))
}

const readLines = <T>(body: string | undefined): T[] =>
  (body ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T)

/** `text` with the body of its section `name` replaced, or the section appended where it is missing. */
export function replaceSection(text: string, name: string, language: string, lines: readonly string[]): string {
  const block = `## ${name}\n\n\`\`\`${language}\n${lines.map((line) => `${line}\n`).join('')}\`\`\``
  const pattern = new RegExp(`^## ${name}\\n+\`\`\`\\w*\\n[\\s\\S]*?^\`\`\`$`, 'm')
  return pattern.test(text) ? text.replace(pattern, () => block) : `${text.trimEnd()}\n\n${block}\n`
}

/** `text` without its section `name`, if it has one. */
export const withoutSection = (text: string, name: string): string =>
  text.replace(new RegExp(`\\n## ${name}\\n+\`\`\`\\w*\\n[\\s\\S]*?^\`\`\`\\n`, 'm'), '')

export const jobOf = (golden: Golden): NodeJob => ({ main: MAIN, files: golden.files, calls: golden.calls })

/** Drops `args` that the call left as they were, the form in which outcomes are stored. */
export function withoutSameArgs(outcome: NodeOutcome, call: Call): NodeOutcome {
  if (outcome.args === undefined || JSON.stringify(outcome.args) !== JSON.stringify(call.args)) return outcome
  const { args: _, ...rest } = outcome
  return rest
}
