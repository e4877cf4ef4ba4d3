import type { HExpr, HStmt } from '../hir.ts'
import { UNDEF, type Kinds } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { holderOf } from './access.ts'
import { once } from './chain.ts'
import { isValueSomewhere } from './class-env.ts'
import { makerOf } from './class-values.ts'
import type { ClassNode } from './classes.ts'
import { buildArgs, keepArgs } from './calls.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { derivedFrom } from './heritage.ts'
import { missingField } from './lookup.ts'
import { staticClassOf } from './names.ts'
import { kindsAt, narrowTo } from './narrow.ts'
import { isLocal } from './placement.ts'
import { letStmt, makeTemp, readVar, skipOuter, spanOf, undefinedAt, type Build, type Place } from './state.ts'
import { isOfEveryFunction, openStatic, readStatic, staticMember, staticSetter, usableStatic } from './statics.ts'
import { isDetached, isRedeclared, ownClass, refuseDetached, takesClass } from './static-this.ts'
import { useVar } from './variables.ts'

/**
 * Static members of a class that is known only when the program runs: `this` in a static method that takes its class, and a value of the type
 * `typeof C`, such as `this.constructor`. The value is compared with `C` and the classes that extend it (`classes`), each of which has its own member or
 * that of the class that it extends. The type lets other classes pass (`others`), and the checker takes one type for another that is alike.
 */
export type Family = {
  readonly value: () => HExpr
  readonly classes: readonly ClassNode[]
  readonly others: readonly ClassNode[]
}

/** The classes that what stands before a dot may be, where that is a value and they are not local. */
export function familyOf(p: Place, { expression: node, name }: ts.PropertyAccessExpression): Family | undefined {
  const own = skipOuter(node).kind === ts.SyntaxKind.ThisKeyword ? ownClass(p, node) : undefined
  const cls = own && staticClassOf(skipOuter(node))
  if (cls ? !isRedeclared(p, cls, name) : holderOf(p, node)) return undefined
  const bases = cls ? [cls] : classesOfType(p, node)
  const classes = [...new Set(bases.flatMap((base) => [base, ...derivedFrom(p, base)]))]
  const others = cls || !isOfClasses(p, node) ? [] : classValues(p.build).filter((other) => !classes.includes(other))
  if (classes.length + others.length === 0 || classes.some(isLocal)) return undefined
  return { value: () => (own ? useVar(p, own, spanOf(p, node)) : buildExpr(p, node)), classes, others }
}

const known = new WeakMap<Build, readonly ClassNode[]>()

/** The classes that some code has as values, but for local ones. */
function classValues(b: Build): readonly ClassNode[] {
  const before = known.get(b)
  if (before) return before
  const found: ClassNode[] = []
  const visit = (n: ts.Node): void => {
    if (ts.isClassLike(n) && !isLocal(n) && isValueSomewhere(b, n)) found.push(n)
    ts.forEachChild(n, visit)
  }
  b.oracle.userFiles.forEach(visit)
  known.set(b, found)
  return found
}

/** With those of the other classes that have a member which will do. */
const withOthers = (family: Family, will: (cls: ClassNode) => boolean): Family => ({
  ...family,
  others: family.others.filter(will),
})

/** The parts of the type of what is a class, if it is there at all. */
function partsOf(p: Place, node: ts.Expression): readonly ts.Type[] {
  if (p.prelude) return []
  const { checker } = p.build.oracle
  const type = checker.getTypeAtLocation(node)
  const base = checker.getNonNullableType(checker.getBaseConstraintOfType(type) ?? type)
  return base.isUnion() ? base.types : [base]
}

const isOfClasses = (p: Place, node: ts.Expression): boolean =>
  !p.prelude && partsOf(p, node).every((part) => part.getConstructSignatures().length > 0)

/** The classes of the program of which a type is the one of the class itself; of `this.constructor` the one that has the code, whatever is asserted. */
function classesOfType(p: Place, node: ts.Expression): ClassNode[] {
  const own = p.prelude ? undefined : instanceClass(skipOuter(node))
  if (own) return [own]
  return partsOf(p, node).flatMap((part) => {
    const declaration = part.getConstructSignatures().length > 0 ? part.symbol?.valueDeclaration : undefined
    const isOwn = declaration && p.build.oracle.userFiles.includes(declaration.getSourceFile())
    return isOwn && ts.isClassLike(declaration) ? [declaration] : []
  })
}

/** The class whose instances `this` is, in `this.constructor`. */
function instanceClass(node: ts.Expression): ClassNode | undefined {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'constructor') return undefined
  let n: ts.Node = skipOuter(node.expression)
  if (n.kind !== ts.SyntaxKind.ThisKeyword) return undefined
  while (!ts.isSourceFile(n) && !ts.isClassElement(n)) {
    if (ts.isFunctionLike(n) && !ts.isArrowFunction(n)) return undefined
    n = n.parent
  }
  return ts.isClassElement(n) && ts.isClassLike(n.parent) && !isStatic(n) ? n.parent : undefined
}

const isNone = ({ classes, others }: Family): boolean => classes.length + others.length === 0

/** `value.name`; undefined where some class of the family has no such member. */
export function readStaticOf(p: Place, node: ts.PropertyAccessExpression, family: Family): HExpr | undefined {
  if (!haveAll(p, node, family)) return undefined
  const isOptional = (kindsAt(p, node) & UNDEF) !== 0
  const isMissing = (cls: ClassNode): boolean => staticMember(p, cls, node.name) === undefined
  const all = withOthers(family, (cls) =>
    isMissing(cls) ? isOptional : usableStatic(p, cls, node.name) !== undefined && !isDetached(p, node, cls),
  )
  if ([...all.classes, ...all.others].every(isMissing)) return undefined
  return choose(p, node, all, (cls) => {
    if (isMissing(cls)) return undefinedAt(spanOf(p, node))
    if (isDetached(p, node, cls)) return refuseDetached(p, node)
    return narrowTo(readStatic(p, node, cls), staticKinds(p, node, cls))
  })
}

/** What a static member may be: one without a value is undefined until it is given one, whatever its type says. */
export function staticKinds(p: Place, node: ts.PropertyAccessExpression, cls: ClassNode): Kinds {
  const member = staticMember(p, cls, node.name)
  const isOpen = member !== undefined && ts.isPropertyDeclaration(member) && !member.initializer
  return kindsAt(p, node) | (isOpen ? UNDEF : 0)
}

/** `value.name(...)`, the arguments of which are there before the class is asked for. */
export function callStaticOf(
  p: Place,
  node: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  family: Family,
): HExpr | undefined {
  const isMethod = (m: ts.Node | undefined): boolean => m !== undefined && ts.isMethodDeclaration(m)
  if (!family.classes.every((cls) => isMethod(staticMember(p, cls, callee.name)))) return undefined
  const all = withOthers(family, (cls) => isMethod(usableStatic(p, cls, callee.name)))
  if (isNone(all)) return undefined
  const span = spanOf(p, node)
  const { body, args: kept } = keepArgs(p, [{ kind: 'item', value: family.value() }, ...buildArgs(p, node.arguments)])
  const [self, ...args] = kept
  const value = choose(p, callee, { ...all, value: () => self!.value }, (cls) => {
    const takes = takesClass(p.build, staticMember(p, cls, callee.name) as ts.Node)
    return { kind: 'call', callee: readStatic(p, callee, cls), args: takes ? [self!, ...args] : args, span }
  })
  return { kind: 'seq', body, value, span }
}

/** `value.name` as what is assigned to, where each class of the family has a setter or a field of its own. */
export function openStaticOf(
  p: Place,
  node: ts.PropertyAccessExpression,
  family: Family,
): { before: HStmt[]; read: () => HExpr; write: (value: HExpr) => HExpr } | undefined {
  const owns = (cls: ClassNode): boolean => {
    if (staticSetter(p, cls, node.name)) return true
    const member = staticMember(p, cls, node.name)
    return member !== undefined && ts.isPropertyDeclaration(member) && member.parent === cls
  }
  const all = withOthers(family, owns)
  if (!family.classes.every(owns) || isNone(all)) return undefined
  const span = spanOf(p, node)
  const temp = makeTemp(p, 'class', span)
  const same = { ...all, value: () => readVar(temp, span) }
  return {
    before: [letStmt(temp, family.value())],
    read: () => choose(p, node, same, (cls) => openStatic(p, node, cls).read()),
    write: (value) => once(p, value, (kept) => choose(p, node, same, (cls) => openStatic(p, node, cls).write(kept))),
  }
}

/** Whether each class has the member; a name that every function has is of the class itself. */
const haveAll = (p: Place, { name }: ts.PropertyAccessExpression, { classes }: Family): boolean =>
  !isOfEveryFunction(name.text) && classes.every((cls) => staticMember(p, cls, name) !== undefined)

/** What `make` makes of the class that the value is; one that has no such member ends the run. */
function choose(p: Place, node: ts.Node, family: Family, make: (cls: ClassNode) => HExpr): HExpr {
  const span = spanOf(p, node)
  return once(p, family.value(), (same) => {
    const made = [...family.classes, ...family.others].map((cls) => ({
      maker: makerOf(p.build, cls),
      value: make(cls),
    }))
    return made.reduceRight<HExpr>(
      (otherwise, { maker, value }) => {
        const test: HExpr = { kind: 'binary', op: '===', a: same, b: useVar(p, maker, span), span }
        return { kind: 'cond', test, then: value, else: otherwise, span }
      },
      missingField(span, made[0]!.value),
    )
  })
}
