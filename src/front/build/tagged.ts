import type { HArg, HExpr } from '../hir.ts'
import { newVar } from '../make-hir.ts'
import { RAW } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { buildExpr } from './expressions.ts'
import { narrowTo, resultKinds } from './narrow.ts'
import { exprStmt, letStmt, makeTemp, readVar, refuse, skipOuter, spanOf, type Place } from './state.ts'

/** An escape that is none, which gives a tag undefined instead of a text (ECMA-262 12.9.6). */
const BAD_ESCAPE =
  /\\(?:u(?![0-9a-fA-F]{4}|\{0*(?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4}\})|x(?![0-9a-fA-F]{2})|[1-9]|0[0-9])/

/** A call of a tag with the texts of a template, which nothing may change, and the values between them (13.3.11). */
export function buildTagged(p: Place, node: ts.TaggedTemplateExpression): HExpr {
  const span = spanOf(p, node)
  const [parts, values] = partsOf(node.template)
  if (parts.some((part) => BAD_ESCAPE.test(rawText(p, part).replaceAll('\\\\', ''))))
    return refuse(p, node, 'escapes that are none in a tagged template', 'Write `\\\\` for a backslash.')
  const tag = skipOuter(node.tag)
  if (isRaw(p, tag)) return buildRaw(p, node, parts, values)
  if (holderOf(p, tag) || (ts.isPropertyAccessExpression(tag) && holderOf(p, tag.expression)))
    return refuse(p, node, 'this tag of a template', 'Tag templates with a function or a method of an object.')
  const cooked = listOf(p, node, parts, (part) => part.text)
  const raw = (): HExpr => frozen(listOf(p, node, parts, (part) => rawText(p, part)))
  const texts = frozen(readsRaw(p) ? withRaw(p, cooked, raw()) : cooked)
  const args = (): HArg[] =>
    [onceAt(texts), ...values.map((v) => buildExpr(p, v))].map((value) => ({ kind: 'item', value }))
  const call: HExpr = ts.isPropertyAccessExpression(tag)
    ? { kind: 'method', obj: buildExpr(p, tag.expression), name: tag.name.text, args: args(), span }
    : { kind: 'call', callee: buildExpr(p, tag), args: args(), span }
  return narrowTo(call, resultKinds(p, node))
}

function listOf(
  p: Place,
  node: ts.Node,
  parts: readonly ts.TemplateLiteralLikeNode[],
  textOf: (part: ts.TemplateLiteralLikeNode) => string,
): HExpr {
  const item = (part: ts.TemplateLiteralLikeNode): HArg => ({
    kind: 'item',
    value: { kind: 'const', value: textOf(part), span: spanOf(p, part) },
  })
  return { kind: 'array', elems: parts.map(item), span: spanOf(p, node) }
}

const frozen = (texts: HExpr): HExpr => ({
  ...{ kind: 'builtin', name: '@@frozenTexts', args: [{ kind: 'item', value: texts }], span: texts.span },
})

/** Each template has one list for as long as the program runs (GetTemplateObject, 13.2.8.4), by which tags tell it from others. */
function onceAt(texts: HExpr): HExpr {
  const { span } = texts
  const kept = newVar(null, 'texts', span, { assigned: true })
  const args = [readVar(kept, span), texts].map((value): HArg => ({ kind: 'item', value }))
  return { kind: 'builtin', name: '@@once', args, span }
}

/** Texts that have others as their `raw` (13.2.8.4). */
function withRaw(p: Place, texts: HExpr, raw: HExpr): HExpr {
  const { span } = texts
  const list = makeTemp(p, 'texts', span)
  const note: HExpr = { kind: 'object', props: [{ kind: 'field', name: RAW, value: raw }], span }
  const args = [readVar(list, span), note].map((value): HArg => ({ kind: 'item', value }))
  const body = [letStmt(list, texts), exprStmt({ kind: 'builtin', name: '@@annotate', args, span })]
  return { kind: 'seq', body, value: readVar(list, span), span }
}

function partsOf(template: ts.TemplateLiteral): [ts.TemplateLiteralLikeNode[], ts.Expression[]] {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return [[template], []]
  const spans = template.templateSpans
  return [[template.head, ...spans.map((s) => s.literal)], spans.map((s) => s.expression)]
}

/** What stands between the marks of a part, with line ends as one unit (12.9.6). */
function rawText(p: Place, part: ts.TemplateLiteralLikeNode): string {
  const text = part.getText(p.source)
  const closing = text.endsWith('${') ? 2 : 1
  return text.slice(1, text.length - closing).replace(/\r\n?/g, '\n')
}

const isRaw = (p: Place, tag: ts.Expression): boolean =>
  ts.isPropertyAccessExpression(tag) && tag.name.text === 'raw' && holderOf(p, tag.expression)?.kind === 'library'

/** String.raw (22.1.2.4). */
function buildRaw(p: Place, node: ts.Node, parts: ts.TemplateLiteralLikeNode[], values: ts.Expression[]): HExpr {
  const all = parts.flatMap((part, i): HExpr[] => {
    const raw: HExpr = { kind: 'const', value: rawText(p, part), span: spanOf(p, part) }
    const value = values[i]
    return value ? [raw, buildExpr(p, value)] : [raw]
  })
  return { kind: 'template', parts: all, span: spanOf(p, node) }
}

/** Whether some code reads a property `raw`, which lists have only then. */
function readsRaw(p: Place): boolean {
  const reads = (n: ts.Node): boolean => {
    const named = ts.isPropertyAccessExpression(n) && n.name.text === 'raw' && !isRaw(p, n)
    const bound = ts.isBindingElement(n) && (n.propertyName ?? n.name).getText() === 'raw'
    return named || bound || (ts.isStringLiteralLike(n) && n.text === 'raw') || (ts.forEachChild(n, reads) ?? false)
  }
  return p.build.oracle.userFiles.some(reads)
}
