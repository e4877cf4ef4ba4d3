import type { HArg, HClass, HExpr, HFunc, HParam, HVar } from '../hir.ts'
import { ts } from '../oracle.ts'
import { buildArgs } from './calls.ts'
import { envOf, isRecord, recordArgs, valueInRecord } from './class-env.ts'
import { buildClass, classOf, type ClassNode } from './classes.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { isNamedLate } from './function-names.ts'
import { newFunc, newVar } from '../make-hir.ts'
import { refuse, spanOf, type Build, type Func, type Place } from './state.ts'
import { guardClass } from './statics.ts'
import { useVar } from './variables.ts'

/**
 * A class as a value: the one function that makes its instances, which `new` of a value calls. Its static members and its name
 * are those of the class and not of the value.
 */
export function classValue(p: Place, node: ts.Expression, declaration: ClassNode): HExpr {
  const wanted = p.build.oracle.checker.getContextualType(node)
  if (wanted && isOnlyCalled(wanted))
    return refuse(
      p,
      node,
      'a class in the place of a function',
      'Pass a function that makes the instance: `() => new C()`.',
    )
  const env = envOf(p.build, declaration)
  if (env) return valueInRecord(p, env, spanOf(p, node))
  const v = makerOf(p.build, declaration)
  return guardClass(p, declaration, node, useVar(p, v, spanOf(p, node)))
}

/** A class expression where a value is wanted. */
export function buildClassExpression(p: Place, node: ts.ClassExpression): HExpr {
  if (isNamedLate(node)) return refuse(p, node, 'a class under a computed key', 'Declare it with a name before.')
  if (isInField(node))
    return refuse(p, node, 'a class as the value of a field', 'Declare the class before, or make the field static.')
  const body = buildClass(p, node)
  return { kind: 'seq', body, value: classValue(p, node, node), span: spanOf(p, node) }
}

/** Whether a class is made anew for each instance of another one. */
function isInField(node: ts.Node): boolean {
  for (let n = node.parent; !ts.isFunctionLike(n) && !ts.isSourceFile(n); n = n.parent)
    if (ts.isPropertyDeclaration(n) && !isStatic(n)) return true
  return false
}

const isOnlyCalled = (type: ts.Type): boolean =>
  type.getCallSignatures().length > 0 && type.getConstructSignatures().length === 0

/** Whether the checker takes a value for a class; the prelude has no such values. */
export function isClassValue(p: Place, node: ts.Expression): boolean {
  if (p.prelude) return false
  const { checker } = p.build.oracle
  const type = checker.getTypeAtLocation(node)
  return (checker.getBaseConstraintOfType(type) ?? type).getConstructSignatures().length > 0
}

/** `new value(...)`. */
export function newOfValue(p: Place, node: ts.NewExpression): HExpr {
  if (!isClassValue(p, node.expression) && !mayBeClass(p, node.expression))
    return refuse(
      p,
      node,
      'instances of computed classes',
      'Name the class after `new`, or declare the value as `new (...) => T`.',
    )
  const span = spanOf(p, node)
  const callee = buildExpr(p, node.expression)
  return { kind: 'call', constructs: true, callee, args: buildArgs(p, node.arguments), span }
}

/** Whether nothing is said of a value that keeps it from being a class. */
function mayBeClass(p: Place, node: ts.Expression): boolean {
  if (p.prelude || (node.kind === ts.SyntaxKind.Identifier && node.getText() === 'undefined')) return false
  const { checker } = p.build.oracle
  const type = checker.getNonNullableType(checker.getTypeAtLocation(node))
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true
  return type.getConstructSignatures().length > 0 || type.symbol?.name === 'Function'
}

export function makerOf(b: Build, declaration: ClassNode): HVar {
  const known = b.makers.get(declaration)
  if (known) return known
  const cls = classOf(b, declaration)
  const func = makerFunction(cls, null, () => [], hasOwnName(declaration))
  const made: HVar = { ...plain(func, cls.name), scope: null, func }
  b.makers.set(declaration, made)
  return made
}

/** Whether a class has a static member in the place of its name. */
const hasOwnName = ({ members }: ClassNode): boolean =>
  members.some((m) => isStatic(m) && m.name !== undefined && ts.isIdentifier(m.name) && m.name.text === 'name')

/** As `makerOf`, for a class that has a record: another value each time that the declaration runs. */
export function makerIn(p: Place, declaration: ClassNode): HExpr {
  const cls = classOf(p.build, declaration)
  const f = makerFunction(
    cls,
    p.func,
    (func) => recordArgs({ ...p, func }, declaration, cls.span),
    hasOwnName(declaration),
  )
  return { kind: 'function', f, span: cls.span }
}

const plain = (scope: HFunc, name: string): HVar => newVar(scope, name, scope.span)

/** `record` gives what the constructor is given before what the function is called with. */
function makerFunction(cls: HClass, parent: Func | null, record: (func: Func) => HArg[], namedLate: boolean): Func {
  const { span, name, construct } = cls
  const params: HParam[] = []
  const args: HArg[] = []
  const value: HExpr = { kind: 'new', cls, args, span }
  const func = newFunc({
    name,
    params,
    parent,
    makes: cls,
    namedLate,
    arity: construct.arity ?? 0,
    span,
    body: () => [{ kind: 'return', value, span }],
    pending: [],
  })
  args.push(...record(func))
  for (const { variable, optional } of construct.params.filter((param) => !isRecord(param))) {
    const v = plain(func, variable.name)
    params.push({ variable: v, optional })
    args.push({ kind: 'item', value: { kind: 'var', v, span } })
  }
  if (construct.rest) {
    func.rest = plain(func, construct.rest.name)
    args.push({ kind: 'spread', value: { kind: 'var', v: func.rest, span } })
  }
  return func
}
