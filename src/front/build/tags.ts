import type { Span } from '../../base/index.ts'
import type { HClass, HExpr, HFunc, HStmt, HVar } from '../hir.ts'
import { STR } from '../kinds.ts'
import { TAG, TAG_TEXT } from '../member-names.ts'
import { ts } from '../oracle.ts'
import type { ClassNode } from './classes.ts'
import { isStatic } from './facts.ts'
import { kindsAt } from './narrow.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { refuse, skipParens, type Func, type Place } from './state.ts'
import { nodeSpan } from './variables.ts'

/** Whether a name is the tag of the instances of a class: a getter that is declared there, or a read of it. */
export function isTagKey(p: Place, key: ts.Expression): boolean {
  const { parent } = key
  if (ts.isComputedPropertyName(parent)) {
    const member = parent.parent
    return ts.isGetAccessorDeclaration(member) && ts.isClassLike(member.parent) && !isStatic(member)
  }
  if (!ts.isElementAccessExpression(parent) || parent.argumentExpression !== key) return false
  const declared = p.build.oracle.checker.getTypeAtLocation(parent.expression).symbol?.declarations ?? []
  return declared.some((d) => ts.isClassLike(d) && !p.build.oracle.isLib(d))
}

type Tagged = HClass & { tag: string | null; readonly methods: Map<string, HFunc> }

/**
 * Object.prototype.toString (20.1.3.6) of a class with `get [Symbol.toStringTag]()`: a method of its own under a name that no program can
 * write, and its `toString` unless the program has another.
 */
export function addTagText(p: Place, node: ClassNode, into: Tagged): void {
  const getter = into.getters.get(TAG)
  const own = node.members.filter(ts.isGetAccessorDeclaration).find((m) => p.build.functions.get(m) === getter)
  if (!getter || !own?.name) return
  if (into.error !== null) return void refuse(p, own, 'a tag of errors', 'Give the error a name: `this.name = ...`.')
  if (!p.prelude && kindsAt(p, own.name) !== STR)
    return void refuse(p, own, 'a tag that may be no text', 'Return a text.')
  into.tag = constantTag(own)
  const text = tagText(p, node)
  const before = into.methods.get(TAG_TEXT)
  const toText = into.methods.get('toString')
  if (toText === undefined || toText === before) into.methods.set('toString', text)
  into.methods.set(TAG_TEXT, text)
}

/** The text that a getter returns whatever its instance is, if it does. */
function constantTag({ body }: ts.GetAccessorDeclaration): string | null {
  const [only, ...others] = body?.statements ?? []
  if (!only || others.length > 0 || !ts.isReturnStatement(only) || !only.expression) return null
  const value = skipParens(only.expression)
  return ts.isStringLiteralLike(value) ? value.text : null
}

function tagText(p: Place, node: ClassNode): Func {
  const span = nodeSpan(p.build, node)
  let body: HStmt[] | undefined
  const made: Func & { thisVar: HVar | null } = newFunc({
    name: 'toString',
    arity: 0,
    cls: p.build.classes.get(node) ?? null,
    span,
    pending: [],
    body: () => (body ??= [{ kind: 'return', value: objectText(made, span), span }]),
  })
  made.thisVar = newVar(made, 'this', span)
  return made
}

/** `[object ${this[Symbol.toStringTag]}]` */
function objectText({ thisVar }: HFunc, span: Span): HExpr {
  const text = (value: string): HExpr => ({ kind: 'const', value, span })
  const tag: HExpr[] = thisVar ? [{ kind: 'get', obj: { kind: 'var', v: thisVar, span }, name: TAG, span }] : []
  return { kind: 'template', parts: [text('[object '), ...tag, text(']')], span }
}
