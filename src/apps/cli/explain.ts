import { CODES, closestName, featuresOf, refusalOf, REFUSALS, type Code, type RefusalName } from '../../base/index.ts'
import type { Exit } from './exit-codes.ts'
import { otherNames, PAGES } from './refusals.ts'
import { UsageError, type Terminal } from './terminal.ts'

const WIDTH = 88

/**
 * `anrf --explain NAME`: what a diagnostic means and what to do, or why a feature of JavaScript is refused and what to write instead.
 * `1101` and `anrf1101` are understood as well; a feature has the name of its page or any that diagnostics give it.
 */
export function explain(terminal: Terminal, asked: string): Exit {
  const code = `ANRF${asked.toUpperCase().replace(/^ANRF/, '')}`
  const page = Object.hasOwn(CODES, code) ? explainCode(code as Code) : explainFeature(asked)
  terminal.out(`${page}\n`)
  return 'ok'
}

/** `anrf --explain` alone: everything that has a page. */
export function listPages(terminal: Terminal): Exit {
  const codes = Object.entries(CODES).map(([code, { title }]) => `  ${code}  ${title}`)
  const width = Math.max(...PAGES.map((name) => name.length))
  const features = PAGES.map((name) => `  ${name.padEnd(width)}  ${REFUSALS[name].title}`)
  terminal.out(
    `Diagnostics:\n${codes.join('\n')}\n\nFeatures that are refused by design:\n${features.join('\n')}\n\nanrf --explain NAME shows a page.\n`,
  )
  return 'ok'
}

function explainCode(code: Code): string {
  const { title, severity, help } = CODES[code]
  return `${code} (${severity}): ${title}\n\n${wrap(help)}`
}

function explainFeature(asked: string): string {
  const name = pageOf(asked)
  if (name === undefined) throw new UsageError(unknown(asked))
  const { title, why, hint, before, after } = REFUSALS[name]
  const others = otherNames(name)
  const also = others.length === 0 ? [] : [wrap(`Also: ${others.join(', ')}.`)]
  return [
    `${name} (refused): ${title}`,
    ...also,
    wrap(why),
    wrap(hint),
    `Refused:\n${indent(before)}`,
    `Write instead:\n${indent(after)}`,
  ].join('\n\n')
}

/** The page that a word means: its own name, or that of a feature, whatever the case and the backticks. */
function pageOf(asked: string): RefusalName | undefined {
  const word = plain(asked)
  const named = PAGES.find((name) => name === word || featuresOf(name).some((feature) => plain(feature) === word))
  return named ?? refusalOf(asked)
}

const plain = (text: string): string => text.toLowerCase().replaceAll('`', '').trim()

function unknown(asked: string): string {
  const isCode = /^(ANRF)?\d+$/i.test(asked)
  const known = isCode ? Object.keys(CODES) : [...PAGES, ...PAGES.flatMap(featuresOf).map(plain)]
  const close = closestName(isCode ? asked : plain(asked), known)
  const meant = close === undefined ? '' : ` Did you mean ${close}?`
  const what = isCode ? `no diagnostic ${asked}` : `no page about ${asked}`
  return `there is ${what}.${meant} \`anrf --explain\` lists what there is.`
}

function indent(program: string): string {
  return program.replace(/^(?=.)/gm, '  ')
}

function wrap(text: string): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    if (last !== '' && last.length + 1 + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\n')
}
