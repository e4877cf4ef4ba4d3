import type { Encoded, Frame, Outcome } from '../../base/index.ts'
import { showControls } from './plain-text.ts'
import { formatLocation, renderDiagnostics } from './render-diagnostics.ts'

const LINE_WIDTH_MAX = 100

/** A result as JSON: what fits stands on one line, the rest is broken at its commas. Without a final line feed. */
export function renderValue(value: Encoded, indent = ''): string {
  const line = JSON.stringify(value)
  if (typeof value !== 'object' || value === null || indent.length + line.length <= LINE_WIDTH_MAX) return line
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const items = Array.isArray(value)
    ? value.map((item: Encoded) => renderValue(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${renderValue(item, inner)}`)
  const isFlat = Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null)
  const lines = isFlat ? fillLines(items, LINE_WIDTH_MAX - inner.length) : items
  return `${open}\n${lines.map((line) => `${inner}${line}`).join(',\n')}\n${indent}${close}`
}

/** Items side by side, as many as fit on each line. */
function fillLines(items: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    if (last === undefined || last.length + item.length + 2 > width) lines.push(item)
    else lines[lines.length - 1] = `${last}, ${item}`
  }
  return lines
}

/** Why a run did not return, for people. Ends with a line feed; empty for `returned`. */
export function renderFailure(outcome: Outcome, colours: boolean): string {
  if (outcome.kind === 'returned') return ''
  if (outcome.kind === 'refused') return renderDiagnostics(outcome.diagnostics, colours)
  const stack = 'stack' in outcome ? foldRepeats(outcome.stack.map(frameLine)) : []
  return `${showControls(failureText(outcome))}\n${stack.join('')}`
}

/** The failure in one line, as `error` in JSON answers. */
function failureText(outcome: Exclude<Outcome, { kind: 'returned' }>): string {
  switch (outcome.kind) {
    case 'threw':
      return outcome.error.message === '' ? outcome.error.name : `${outcome.error.name}: ${outcome.error.message}`
    case 'trapped':
      return `trap ${outcome.trap}: ${outcome.message}`
    case 'limited':
      return `limit ${outcome.limit}: ${outcome.message}`
    case 'refused':
      return outcome.diagnostics.map((d) => d.message).join('; ')
    case 'suspended':
    case 'cancelled':
    case 'crashed':
    case 'expired':
      return `${outcome.kind}: ${outcome.message}`
  }
}

/** What JSON answers say of a failure beside its kind: `error` in one line, and all there is to know in `failure`. */
export function describeFailure(outcome: Outcome): { readonly error?: string; readonly failure?: Outcome } {
  return outcome.kind === 'returned' ? {} : { error: failureText(outcome), failure: outcome }
}

/** Deep recursion fills a stack with one line: it is shown once, with how often it comes again. */
function foldRepeats(lines: readonly string[]): string[] {
  const folded: string[] = []
  for (let at = 0, end = 0; at < lines.length; at = end) {
    for (end = at + 1; lines[end] === lines[at];) end++
    folded.push(lines[at]!)
    if (end - at > 2) folded.push(`    ... and ${end - at - 1} times more\n`)
    else folded.push(...lines.slice(at + 1, end))
  }
  return folded
}

function frameLine(frame: Frame): string {
  const place = frame.location ? ` (${formatLocation(frame.location)})` : ''
  return showControls(`    at ${frame.function}${place}`) + '\n'
}
