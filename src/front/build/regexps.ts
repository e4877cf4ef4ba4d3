import { compileRegex } from '../../regex/index.ts'
import type { HArg, HExpr } from '../hir.ts'
import type { ts } from '../oracle.ts'
import { REGEXP_LITERAL } from '../library/patterns.ts'
import { refuse, spanOf, type Place } from './state.ts'

/** A regular expression literal; what is wrong with its pattern keeps the program from running, as in JavaScript. */
export function buildRegExp(p: Place, node: ts.RegularExpressionLiteral): HExpr {
  const end = node.text.lastIndexOf('/')
  const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)]
  const span = spanOf(p, node)
  const compiled = compileRegex(source, flags)
  if (compiled.kind === 'invalid') reportInvalid(p, node, compiled.message)
  if (compiled.kind === 'unsupported' || compiled.kind === 'deep') {
    const what = compiled.kind === 'deep' ? 'groups nested without end' : compiled.message
    return refuse(
      p,
      node,
      `regular expressions with ${what}`,
      'Write the pattern without it, or search in several steps.',
    )
  }
  if (flags.includes('d'))
    return refuse(p, node, 'the flag d', 'Find the places of groups by searching for them from the index of the match.')
  const arg = (value: string): HArg => ({ kind: 'item', value: { kind: 'const', value, span } })
  return { kind: 'builtin', name: REGEXP_LITERAL, args: [arg(source), arg([...flags].sort().join(''))], span }
}

function reportInvalid(p: Place, node: ts.Node, message: string): void {
  const isFlags = message.startsWith('Invalid flags')
  p.build.oracle.collector.report('ANRF1001', spanOf(p, node), {
    message: isFlags ? 'Invalid regular expression flags' : message,
  })
}
