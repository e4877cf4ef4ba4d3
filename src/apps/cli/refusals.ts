import { featuresOf, REFUSALS, type RefusalName } from '../../base/index.ts'

/** Every page, in the order of the list. */
export const PAGES = Object.keys(REFUSALS) as RefusalName[]

/** The other names by which programs and diagnostics speak of the feature of a page. */
export function otherNames(name: RefusalName): string[] {
  const { title } = REFUSALS[name]
  const others = featuresOf(name).filter((feature) => !title.includes(feature) && !/^TS\d/.test(feature))
  // `.prototype` is a member of anything.
  return others.map((feature) => feature.replace(/^\./, 'Name.'))
}

/** docs/REFUSALS.md: the pages of all features that are refused by design. */
export function printRefusals(): string {
  return [
    '# What is refused by design\n',
    '<!-- Printed from src/base/refusals: change those rows, then ANRF_UPDATE=1 npm test -- test/cli/refusals -->\n',
    'Each of these is refused when a program is compiled, and stays so. `anrf --explain NAME` prints the same. What is not there *yet* stands in',
    'docs/LANGUAGE.md.\n',
    ...PAGES.map(printPage),
  ].join('\n')
}

function printPage(name: RefusalName): string {
  const { title, why, hint, before, after } = REFUSALS[name]
  const others = otherNames(name).map((other) => (other.startsWith('`') ? other : `\`${other}\``))
  return [
    `## ${name}\n`,
    `${[`**${title}**`, ...others].join(', ')}. ${why}\n`,
    `${hint}\n`,
    'Refused:\n',
    `\`\`\`ts\n${before}\n\`\`\`\n`,
    'Instead:\n',
    `\`\`\`ts\n${after}\n\`\`\`\n`,
  ].join('\n')
}
