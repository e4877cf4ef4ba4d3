import { NO_SPAN, type Span } from '../base/index.ts'
import type {
  ClassDescription,
  Contract,
  Declaration,
  Documentation,
  FunctionDescription,
  ParamDescription,
  ProgramDescription,
} from '../document/index.ts'
import {
  ANY,
  arrayOf,
  BIGINT,
  BOOL,
  F64,
  NULL,
  STRING,
  tupleOf,
  UNDEFINED,
  type Module,
  type Type,
} from '../ir/index.ts'
import { describeType } from './build/describe-type.ts'
import type { BuiltProgram } from './build/program.ts'
import type { FunctionNode } from './build/facts.ts'
import { isStatic } from './build/facts.ts'
import { nodeSpan } from './build/variables.ts'
import { skipParens, type Build } from './build/state.ts'
import type { TypeDesc } from './hir-program.ts'
import * as kinds from './kinds.ts'
import { ts } from './oracle.ts'

/**
 * What a program says of itself, for the intent and semantic layers of its document: its
 * declarations with their JSDoc, in source order, and what of `module` was made from each.
 */
export function describeProgram(built: BuiltProgram, module: Module): ProgramDescription {
  const d: Describe = { build: built.build, module, funcs: indexFuncs(module), exported: exportedNodes(built.build) }
  const files = built.build.oracle.userFiles
  return {
    intent: describeFile(built.build.oracle.main),
    declarations: files.flatMap((file) => file.statements.flatMap((s) => describeStatement(d, s))),
  }
}

type Describe = {
  readonly build: Build
  readonly module: Module
  /** Functions of the module by the place that they come from. */
  readonly funcs: ReadonlyMap<string, readonly number[]>
  readonly exported: ReadonlySet<ts.Node>
}

const spanKey = (span: Span): string => `${span.file}:${span.start}:${span.end}`

function indexFuncs(module: Module): Map<string, number[]> {
  const found = new Map<string, number[]>()
  module.funcs.forEach((f, i) => {
    if (f.span.file === NO_SPAN.file) return
    const key = spanKey(f.span)
    const list = found.get(key)
    if (list) list.push(i)
    else found.set(key, [i])
  })
  return found
}

function exportedNodes(build: Build): Set<ts.Node> {
  const { checker, main } = build.oracle
  const symbol = checker.getSymbolAtLocation(main)
  const all = symbol ? checker.getExportsOfModule(symbol) : []
  return new Set(
    all.flatMap((s) => (s.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(s) : s).declarations ?? []),
  )
}

function describeStatement(d: Describe, node: ts.Statement): Declaration[] {
  if (ts.isFunctionDeclaration(node))
    return node.body ? [describeFunction(d, node, node, node.name?.text ?? 'default')] : []
  if (ts.isClassDeclaration(node)) return [describeClass(d, node)]
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node)) {
    return [{ kind: 'record', name: node.name.text, ...common(d, node, node), objects: [] }]
  }
  return ts.isVariableStatement(node)
    ? node.declarationList.declarations.flatMap((v) => describeVariable(d, node, v))
    : []
}

function describeVariable(d: Describe, statement: ts.VariableStatement, node: ts.VariableDeclaration): Declaration[] {
  if (!ts.isIdentifier(node.name)) return []
  const name = node.name.text
  const value = node.initializer && skipParens(node.initializer)
  if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) {
    return [{ ...describeFunction(d, value, statement, name), exported: d.exported.has(node) }]
  }
  const declared = typeOf(describeType(d.build, d.build.oracle.checker.getTypeAtLocation(node.name)))
  const found = d.module.globals.flatMap((g, i) => (g.name === name ? [i] : []))
  const global = found.length === 1 ? found[0] : undefined
  const type = global === undefined ? declared : (d.module.globals[global]?.type ?? declared)
  const constant = (node.parent.flags & ts.NodeFlags.Const) !== 0
  const place = { ...common(d, node, statement), span: nodeSpan(d.build, node) }
  return [{ kind: 'variable', name, ...place, type, constant, ...(global === undefined ? {} : { global }) }]
}

/** Where a declaration stands, whether it can be imported, and its JSDoc, which belongs to the statement around it. */
function common(
  d: Describe,
  node: ts.Node,
  documented: ts.Node,
): { span: Span; exported: boolean; docs?: Documentation } {
  const docs = describeDocs(documented)
  return { span: nodeSpan(d.build, node), exported: d.exported.has(node), ...(docs && { docs }) }
}

type Callable = FunctionNode | ts.ConstructorDeclaration

function describeFunction(d: Describe, node: Callable, documented: ts.Node, name: string): FunctionDescription {
  const { checker } = d.build.oracle
  const place = common(d, node, documented)
  const owner = ts.isConstructorDeclaration(node) ? node.parent : node
  const funcs = d.funcs.get(spanKey(nodeSpan(d.build, owner))) ?? []
  const made = funcs[0] === undefined ? undefined : d.module.funcs[funcs[0]]
  const skipped = made && made.params[0]?.name === 'this' ? 1 : 0
  const texts = paramTexts(documented)
  const params = node.parameters.map((p, i): ParamDescription => {
    const label = ts.isIdentifier(p.name) ? p.name.text : `argument${i + 1}`
    const type = made?.params[i + skipped]?.type ?? typeOf(describeType(d.build, checker.getTypeAtLocation(p)))
    const optional = p.questionToken !== undefined || p.initializer !== undefined
    const description = texts.get(label)
    return { name: label, type, ...(optional && { optional }), ...(description && { description }) }
  })
  const signature = checker.getSignatureFromDeclaration(node)
  const declared = signature ? typeOf(describeType(d.build, checker.getReturnTypeOfSignature(signature))) : UNDEFINED
  const result = made?.result ?? (ts.isConstructorDeclaration(node) ? UNDEFINED : declared)
  return { kind: 'function', name, ...place, funcs, params, result }
}

function describeClass(d: Describe, node: ts.ClassDeclaration): ClassDescription {
  const name = node.name?.text ?? 'default'
  const methods = node.members.flatMap((m): FunctionDescription[] => {
    if (ts.isConstructorDeclaration(m)) return m.body ? [describeFunction(d, m, m, 'constructor')] : []
    if (!(ts.isMethodDeclaration(m) || ts.isAccessor(m)) || !m.body) return []
    const prefix = (isStatic(m) ? 'static ' : '') + (ts.isGetAccessor(m) ? 'get ' : ts.isSetAccessor(m) ? 'set ' : '')
    return [describeFunction(d, m, m, prefix + m.name.getText())]
  })
  const objects = d.module.objects.flatMap((o, i) => (o.role === 'class' && o.name === name ? [i] : []))
  return { kind: 'class', name, ...common(d, node, node), objects, methods }
}

/** The IR type that a declared type would have; `any` for objects of which no definition was made. */
function typeOf(desc: TypeDesc, depth = 0): Type {
  if (desc.kinds === kinds.ALL || depth > 4) return ANY
  const members: Type[] = []
  if (desc.kinds & kinds.UNDEF) members.push(UNDEFINED)
  if (desc.kinds & kinds.NULL) members.push(NULL)
  if (desc.kinds & kinds.BOOL) members.push(BOOL)
  if (desc.kinds & kinds.NUM) members.push(F64)
  if (desc.kinds & kinds.STR) members.push(STRING)
  if (desc.kinds & kinds.BIG) members.push(BIGINT)
  if (desc.kinds & kinds.ARR) {
    if (desc.tuple) members.push(tupleOf(desc.tuple().map((t) => typeOf(t, depth + 1))))
    else members.push(arrayOf(desc.elem ? typeOf(desc.elem(), depth + 1) : ANY))
  }
  if (desc.kinds & (kinds.FN | kinds.OBJ | kinds.MAP | kinds.SET)) return ANY
  return members.length === 1 ? (members[0] as Type) : members.length === 0 ? ANY : { kind: 'union', members }
}

const CONTRACTS: ReadonlySet<string> = new Set(['requires', 'ensures', 'invariant', 'decreases'])
const isContract = (name: string): name is Contract['kind'] => CONTRACTS.has(name)

/** The last JSDoc comment before a declaration. */
function docOf(node: ts.Node): ts.JSDoc | undefined {
  return ts.getJSDocCommentsAndTags(node).findLast((c) => ts.isJSDoc(c))
}

function describeDocs(node: ts.Node): Documentation | undefined {
  const doc = docOf(node)
  return doc && readDoc(doc)
}

function readDoc(doc: ts.JSDoc): Documentation {
  const contracts: Contract[] = []
  const tags: { name: string; text: string }[] = []
  let returns: string | undefined
  for (const tag of doc.tags ?? []) {
    const name = tag.tagName.text
    const text = textOf(tag.comment)
    if (isContract(name)) contracts.push({ kind: name, formalSpec: text })
    else if (ts.isJSDocReturnTag(tag)) returns = text
    else if (!ts.isJSDocParameterTag(tag)) tags.push({ name, text })
  }
  return { description: textOf(doc.comment), ...(returns && { returns }), contracts, tags }
}

const textOf = (comment: ts.JSDoc['comment']): string => (ts.getTextOfJSDocComment(comment) ?? '').trim()

function paramTexts(node: ts.Node): Map<string, string> {
  const tags = docOf(node)?.tags?.filter((t) => ts.isJSDocParameterTag(t)) ?? []
  return new Map(tags.map((t) => [t.name.getText(), textOf(t.comment).replace(/^-\s*/, '')]))
}

const FILE_TAGS: ReadonlySet<string> = new Set(['file', 'fileoverview', 'overview', 'module', 'packageDocumentation'])

/** The JSDoc at the start of a file that speaks of the file: it says so, or another one, or an import, stands before the first declaration. */
function describeFile(file: ts.SourceFile): ProgramDescription['intent'] {
  const first = file.statements[0]
  // The public function gives the last comment only.
  const docs = (first as (ts.Statement & { readonly jsDoc?: readonly ts.JSDoc[] }) | undefined)?.jsDoc ?? []
  const doc = docs[0]
  if (!first || !doc) return { description: '', tags: [] }
  const marked = doc.tags?.some((t) => FILE_TAGS.has(t.tagName.text)) ?? false
  if (!marked && docs.length < 2 && !ts.isImportDeclaration(first)) return { description: '', tags: [] }
  const read = readDoc(doc)
  const own = read.tags.find((t) => FILE_TAGS.has(t.name))?.text ?? ''
  const listed = read.tags.filter((t) => t.name === 'tag' || t.name === 'tags')
  const tags = listed.flatMap((t) => t.text.split(/[\s,]+/)).filter((t) => t !== '')
  return { description: [read.description, own].filter((t) => t !== '').join('\n'), tags }
}
