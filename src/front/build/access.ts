import type { HExpr } from '../hir.ts'
import { ALL, ARR, BOOL, FN, NUM, STR, UNDEF } from '../kinds.ts'
import { isReserved, isSymbolName, privateName, symbolName, SYMBOLS } from '../member-names.ts'
import { ts } from '../oracle.ts'
import { isAsked } from './asked.ts'
import { askDispatched, dispatchNames, readTaken, takenNames } from './dispatched.ts'
import { envOf } from './class-env.ts'
import { isClassValue } from './class-values.ts'
import { classExpressionIn, type ClassNode } from './classes.ts'
import { enumMemberName, enumObject } from './enums.ts'
import { buildExpr } from './expressions.ts'
import { isStatic } from './facts.ts'
import { declaredBase, memberName } from './heritage.ts'
import { privateMember } from './private-names.ts'
import { isLibraryConstant, libraryMember, libraryValue } from './library.ts'
import { isLibraryMethod } from './library-methods.ts'
import { accessorKeys, chooseField, missingField } from './lookup.ts'
import { refuseKey } from './member-key.ts'
import { missOf } from './miss.ts'
import { isVariable, staticClassOf } from './names.ts'
import { hasElements, kindsAt, narrowTo, propertyKinds, resultKinds } from './narrow.ts'
import { declarationOf, symbolDeclaration } from './resolve-name.ts'
import { symbolOfConstant, symbolOfText } from './symbol-keys.ts'
import { refuse, refuseForGood, skipOuter, spanOf, undefinedAt, type Place } from './state.ts'
import { isOfEveryFunction, readStatic, staticMember } from './statics.ts'
import { isDetached, refuseDetached } from './static-this.ts'
import { familyOf, readStaticOf, staticKinds } from './statics-of-values.ts'
import { isTagKey } from './tags.ts'
import { readSuper } from './super.ts'
import { buildDeleteChain, isChain, once } from './chain.ts'
import { takenFromPrototype } from './taken-methods.ts'
import { thisOf, useVar, variableOf } from './variables.ts'

/** What stands to the left of a dot, when that is no value: something that only has members. */
export type Holder =
  | { readonly kind: 'library'; readonly name: string }
  | { readonly kind: 'class'; readonly declaration: ClassNode }
  | { readonly kind: 'enum'; readonly declaration: ts.EnumDeclaration }
  | { readonly kind: 'module'; readonly declaration: ts.SourceFile | ts.ModuleDeclaration }

export function holderOf(p: Place, node: ts.Expression): Holder | undefined {
  const e = skipOuter(node)
  if (e.kind === ts.SyntaxKind.ThisKeyword) {
    const declaration = staticClassOf(e)
    return declaration && { kind: 'class', declaration }
  }
  if (e.kind === ts.SyntaxKind.SuperKeyword) {
    const cls = staticClassOf(e)
    const declaration = cls && declaredBase(p, cls)
    return declaration && { kind: 'class', declaration }
  }
  if (ts.isPropertyAccessExpression(e))
    return holderOf(p, e.expression)?.kind === 'module' ? asHolder(moduleMember(p, e)) : undefined
  if (!ts.isIdentifier(e)) return undefined
  const declaration = declarationOf(p.build.oracle, e)
  if (!declaration) return undefined
  if (p.build.oracle.isLib(declaration))
    return isLibraryConstant(e.text) ? undefined : { kind: 'library', name: e.text }
  return asHolder(declaration)
}

function asHolder(declaration: ts.Declaration | undefined): Holder | undefined {
  if (!declaration) return undefined
  const cls = ts.isClassLike(declaration) ? declaration : classExpressionIn(declaration)
  if (cls) return { kind: 'class', declaration: cls }
  if (ts.isEnumDeclaration(declaration)) return { kind: 'enum', declaration }
  return ts.isSourceFile(declaration) || ts.isModuleDeclaration(declaration)
    ? { kind: 'module', declaration }
    : undefined
}

export function buildProperty(p: Place, node: ts.PropertyAccessExpression): HExpr {
  const named = className(p, node)
  if (named) return named
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword && !staticClassOf(node))
    return narrowTo(readSuper(p, node), propertyKinds(p, node))
  if (isLibraryMethod(p, node)) return undefinedAt(spanOf(p, node))
  const holder = holderOf(p, node.expression)
  if (holder && !isOfFunction(p, node, holder)) return buildMember(p, node, holder)
  const chosen = ofFamily(p, node) ?? takenFromPrototype(p, node)
  if (chosen) return chosen
  if (isClassValue(p, node.expression) && !isOfEveryFunction(node.name.text)) return refuseStatic(p, node)
  const obj = buildExpr(p, node.expression)
  const made = getProperty(p, node, obj)
  if (node.name.text === 'length') return made
  const kinds = propertyKinds(p, node)
  // Of a method that is no value, the question is answered with true.
  return narrowTo(made, made.asks && kinds & FN ? kinds | BOOL : kinds)
}

/** Whether a member of a named class is what every function has, and no static member. The record of a local class may be without its value. */
const isOfFunction = (p: Place, { name }: ts.PropertyAccessExpression, holder: Holder): boolean =>
  holder.kind === 'class' &&
  isOfEveryFunction(name.text) &&
  !staticMember(p, holder.declaration, name) &&
  !envOf(p.build, holder.declaration)

/** `new.target` in a constructor: the class of the instance. */
export function newTarget(p: Place, node: ts.Node): HExpr | undefined {
  const self = thisOf(p)
  if (!isNewTarget(node) || !self || !p.func.cls || p.func !== p.func.cls.construct) return undefined
  const span = spanOf(p, node)
  return { kind: 'get', obj: useVar(p, self, span), name: 'constructor', span }
}

/** A class as a value has no members here. */
export function refuseStatic(p: Place, node: ts.PropertyAccessExpression): HExpr {
  return refuse(
    p,
    node,
    'members of a class that is a value',
    'Name the class before the dot, or pass the member along.',
  )
}

/** `new.target.name` and `obj.constructor.name`: the name of the object's class. */
function className(p: Place, node: ts.PropertyAccessExpression): HExpr | undefined {
  if (node.name.text !== 'name') return undefined
  const of = skipOuter(node.expression)
  const span = spanOf(p, node)
  const target = newTarget(p, of)
  if (target) return { kind: 'get', obj: target, name: 'name', span }
  if (!ts.isPropertyAccessExpression(of) || of.name.text !== 'constructor' || holderOf(p, of.expression))
    return undefined
  return { kind: 'get', obj: getProperty(p, of, buildExpr(p, of.expression)), name: 'name', span }
}

export const isNewTarget = (node: ts.Node): boolean =>
  ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.NewKeyword

/** The plain read `obj.name` of a property access, with `obj` already built. */
export function getProperty(p: Place, node: ts.PropertyAccessExpression, obj: HExpr): HExpr & { kind: 'get' } {
  const made = { kind: 'get', obj, name: memberName(p, node.name), span: spanOf(p, node) } as const
  const isLoose = !p.prelude && p.build.oracle.checker.getSymbolAtLocation(node.name) === undefined
  return { ...made, ...(isAsked(node) && { asks: true }), ...(isLoose && { loose: true }) }
}

function buildMember(p: Place, node: ts.PropertyAccessExpression, holder: Holder): HExpr {
  if (holder.kind === 'library') {
    const name = libraryMember(p, node, holder.name)
    return name === undefined ? { kind: 'const', value: undefined, span: spanOf(p, node) } : libraryValue(p, node, name)
  }
  if (holder.kind === 'enum') return enumMember(p, node)
  if (holder.kind === 'class' && isDetached(p, node, holder.declaration)) return refuseDetached(p, node)
  const chosen = holder.kind === 'class' ? ofFamily(p, node) : undefined
  if (chosen) return chosen
  if (holder.kind === 'class')
    return narrowTo(readStatic(p, node, holder.declaration), staticKinds(p, node, holder.declaration))
  const declaration = moduleMember(p, node)
  if (declaration && isVariable(declaration)) return useVar(p, variableOf(p.build, declaration), spanOf(p, node))
  return refuse(p, node, 'module objects as values', 'Import the member by its name.')
}

/** A static member of a class that is known only when the program runs. */
function ofFamily(p: Place, node: ts.PropertyAccessExpression): HExpr | undefined {
  const family = familyOf(p, node)
  return family && readStaticOf(p, node, family)
}

/** The declaration that `module.name` means. */
export function moduleMember(p: Place, node: ts.PropertyAccessExpression): ts.Declaration | undefined {
  const symbol = p.build.oracle.checker.getSymbolAtLocation(node.name)
  return symbol && symbolDeclaration(p.build.oracle, symbol)
}

function enumMember(p: Place, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): HExpr {
  const value = enumValue(p, node)
  if (value !== undefined) return { kind: 'const', value, span: spanOf(p, node) }
  const member = enumMemberOf(p, node)
  if (member && ts.isSourceFile(member.parent.parent)) return useVar(p, variableOf(p.build, member), spanOf(p, node))
  return refuse(
    p,
    node,
    'enum members without a constant value',
    'Give the member a constant value, or use a constant object.',
  )
}

/** The constant that `E.Member` or `E['Member']` is. */
function enumValue(p: Place, node: ts.Expression): string | number | undefined {
  const member = enumMemberOf(p, node)
  return member && p.build.oracle.checker.getConstantValue(member)
}

function enumMemberOf(p: Place, node: ts.Expression): ts.EnumMember | undefined {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined
  const place = ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression
  const member = p.build.oracle.checker.getSymbolAtLocation(place)?.valueDeclaration
  return member && ts.isEnumMember(member) ? member : undefined
}

export function buildElement(p: Place, node: ts.ElementAccessExpression): HExpr {
  const holder = holderOf(p, node.expression)
  if (holder?.kind === 'enum') return enumElement(p, node, holder.declaration)
  if (holder) return refuse(p, node, 'members by computed name', 'Name the member after a dot.')
  const names = isAsked(node) ? dispatchNames(p, node) : undefined
  if (names) return askDispatched(p, node, names, (x) => x)
  const taken = takenNames(p, node)
  if (taken) return readTaken(p, node, taken)
  const obj = buildExpr(p, node.expression)
  const keys = accessorKeys(p, node)
  return narrowElement(p, node, keys ? getMember(p, node, keys, obj) : getElement(p, node, obj))
}

/** The plain read `obj[key]` of one of several members, with `obj` already built. */
function getMember(p: Place, node: ts.ElementAccessExpression, keys: readonly (string | number)[], obj: HExpr): HExpr {
  const span = spanOf(p, node)
  return once(p, obj, (object) =>
    once(p, buildExpr(p, node.argumentExpression), (key) =>
      chooseField(p, node, keys, key, (name) => ({ kind: 'get', obj: object, name, span })),
    ),
  )
}

/** Narrows what an element access gave; a read that may give undefined keeps that. */
function narrowElement(p: Place, node: ts.ElementAccessExpression, x: HExpr): HExpr {
  const kinds = resultKinds(p, node)
  if (kinds === ALL || isChain(node) || kindsAt(p, node.expression) === STR) return x
  return narrowTo(x, x.kind === 'index' && x.miss === 'undefined' ? kinds | UNDEF : kinds)
}

/** The plain read `obj[key]`, with `obj` already built. */
export function getElement(p: Place, node: ts.ElementAccessExpression, obj: HExpr): HExpr {
  const span = spanOf(p, node)
  const name = constantKey(p, node)
  if (name !== undefined)
    return { kind: 'get', obj, name, ...(isAsked(node) && { asks: true }), ...keyText(node), span }
  return {
    kind: 'index',
    obj,
    key: buildExpr(p, node.argumentExpression),
    miss: missOf(p, node),
    iterated: false,
    span,
  }
}

/** How a constant key is written that is no text, which messages say. */
export function keyText(node: ts.ElementAccessExpression): { readonly key?: string } {
  const key = skipOuter(node.argumentExpression)
  if (ts.isNumericLiteral(key)) return { key: String(Number(key.text)) }
  const isNamed = ts.isIdentifier(key) || (ts.isPropertyAccessExpression(key) && ts.isIdentifier(key.expression))
  return isNamed ? { key: key.getText() } : {}
}

/** The field that `obj['name']` reads, where `obj` is no array or string. */
export function constantKey(p: Place, node: ts.ElementAccessExpression): string | undefined {
  const text = constantText(p, node.argumentExpression)
  if (text === '__proto__') refuseForGood(p, node, 'prototypes')
  if (text === undefined || isSymbolName(text)) return text
  const kinds = kindsAt(p, node.expression)
  if (isNumeric(text) && hasElements(p, node.expression)) return undefined
  const indexed = kinds === ALL ? /^(0|[1-9]\d*)$/.test(text) : (kinds & (ARR | STR)) !== 0
  return indexed ? undefined : text
}

/** Whether a key is how JavaScript writes a number. */
const isNumeric = (text: string): boolean => String(Number(text)) === text

/** `E['Member']`, or the name of the member with a given number: `E[value]` (the last one of that number). A number without a name is a missing element. */
function enumElement(p: Place, node: ts.ElementAccessExpression, declaration: ts.EnumDeclaration): HExpr {
  const key = skipOuter(node.argumentExpression)
  if (ts.isStringLiteralLike(key)) return enumMember(p, node)
  const span = spanOf(p, node)
  if ((kindsAt(p, key) & ~NUM) !== 0) {
    const obj = enumObject(p, node, declaration)
    return { kind: 'index', obj, key: buildExpr(p, key), miss: missOf(p, node), iterated: false, span }
  }
  const { checker } = p.build.oracle
  const names = new Map<number, string>()
  for (const m of declaration.members) {
    const value = checker.getConstantValue(m)
    if (typeof value === 'number') names.set(value, enumMemberName(m))
  }
  const built = buildExpr(p, key)
  if (built.kind === 'const') return { kind: 'const', value: names.get(Number(built.value)), span }
  const none =
    missOf(p, node) === 'undefined' ? undefinedAt(span) : missingField(span, { kind: 'const', value: '', span })
  return once(p, built, (same) =>
    [...names].reduceRight<HExpr>((otherwise, [value, name]) => {
      const test: HExpr = { kind: 'binary', op: '===', a: same, b: { kind: 'const', value, span }, span }
      return { kind: 'cond', test, then: { kind: 'const', value: name, span }, else: otherwise, span }
    }, none),
  )
}

/** The constant name of a field or member; others are refused. */
export function propertyName(p: Place, name: ts.PropertyName): string | undefined {
  if (ts.isPrivateIdentifier(name)) return privateMember(p, name)
  if (ts.isIdentifier(name)) return name.text
  if (ts.isStringLiteralLike(name)) return keyName(p, name, name.text)
  if (ts.isNumericLiteral(name)) return String(Number(name.text))
  const text = ts.isComputedPropertyName(name) ? constantText(p, name.expression) : undefined
  if (text !== undefined) return text
  refuse(p, name, 'computed names', 'Write the name out, or keep the values in an array of pairs.')
  return undefined
}

/** `@@iterator` for `Symbol.iterator`. */
function wellKnownSymbol(p: Place, key: ts.Expression): string | undefined {
  if (!ts.isPropertyAccessExpression(key)) return undefined
  const holder = holderOf(p, key.expression)
  if (holder?.kind !== 'library' || holder.name !== 'Symbol') return undefined
  const { text } = key.name
  if (!SYMBOLS.includes(text)) refuseForGood(p, key, 'symbols')
  if (text === 'toPrimitive' && !isMethodKey(key)) {
    const hint = 'Write it as a method of a class: `[Symbol.toPrimitive](hint: string) { ... }`.'
    refuse(p, key, '`Symbol.toPrimitive` other than as the name of a method', hint)
  }
  if (text === 'toStringTag' && !isTagKey(p, key)) {
    const hint = 'Write it as a getter of a class: `get [Symbol.toStringTag](): string { ... }`.'
    refuse(p, key, '`Symbol.toStringTag` other than as the name of a getter', hint)
  }
  return symbolName(text)
}

/** Whether a key names a method of the instances of a class, where it is declared or called. */
function isMethodKey(key: ts.Expression): boolean {
  const { parent } = key
  if (!ts.isComputedPropertyName(parent))
    return (
      ts.isElementAccessExpression(parent) && ts.isCallExpression(parent.parent) && parent.parent.expression === parent
    )
  const method = parent.parent
  return ts.isMethodDeclaration(method) && ts.isClassLike(method.parent) && !isStatic(method)
}

/** The expression of a key that is known only when the program runs. */
export function computedKey(p: Place, name: ts.PropertyName): ts.Expression | undefined {
  const computed = ts.isComputedPropertyName(name) && constantText(p, name.expression) === undefined
  return computed ? name.expression : undefined
}

/** `delete obj.name`, `delete obj[key]`. */
export function buildDelete(p: Place, node: ts.DeleteExpression): HExpr {
  const span = spanOf(p, node)
  const target = skipOuter(node.expression)
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target))
    return refuse(p, node, 'delete', 'Delete a property: `delete object[key]`.')
  const key = (): HExpr =>
    ts.isPropertyAccessExpression(target)
      ? { kind: 'const', value: target.name.text, span: spanOf(p, target.name) }
      : buildExpr(p, target.argumentExpression)
  const remove = (obj: HExpr): HExpr => ({ kind: 'delete', obj, key: key(), span })
  return isChain(target) ? buildDeleteChain(p, target, remove) : remove(buildExpr(p, target.expression))
}

/** The text of a key that is known when the program is built: a literal, a constant that holds one, a member of an enum; `@@iterator` for `Symbol.iterator`. */
function constantText(p: Place, node: ts.Expression): string | undefined {
  const key = skipOuter(node)
  if (ts.isStringLiteralLike(key)) return keyName(p, key, key.text)
  if (ts.isNumericLiteral(key)) return String(Number(key.text))
  if (ts.isIdentifier(key)) {
    const d = declarationOf(p.build.oracle, key)
    if (!d || !ts.isVariableDeclaration(d) || !(d.parent.flags & ts.NodeFlags.Const) || !d.initializer) return undefined
    const value = skipOuter(d.initializer)
    return ts.isStringLiteralLike(value) ? keyName(p, key, value.text) : symbolOfConstant(p, d)
  }
  const symbol = wellKnownSymbol(p, key) ?? symbolOfText(p, key)
  if (symbol) return symbol
  const value = enumValue(p, key)
  return value === undefined ? undefined : keyName(p, key, String(value))
}

/** As a constant, a name that is a symbol of the program. */
export function symbolIn(p: Place, node: ts.Expression): HExpr | undefined {
  const key = skipOuter(node)
  const name = ts.isIdentifier(key) ? constantText(p, key) : symbolOfText(p, key)
  return name !== undefined && isSymbolName(name) ? { kind: 'const', value: name, span: spanOf(p, node) } : undefined
}

/** The name of what a text is the key of. The prelude names its hidden fields by texts. */
function keyName(p: Place, node: ts.Node, text: string): string {
  if (p.prelude && text.startsWith('#')) return privateName(text)
  if (isReserved(text)) refuseKey(p.build, node, text)
  return text
}
