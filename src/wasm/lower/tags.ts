import type { Expr } from '../../ir/index.ts'
import { paramKey, TAG_MAX } from '../../passes/index.ts'
import { EXTERNREF, HEAP, I32 } from '../encoder/index.ts'
import { branchIf } from './branch.ts'
import { fieldOf, getContent } from './fields.ts'
import type { FuncLowering } from './func.ts'
import type { ModuleLowering } from './module.ts'
import { pushSharedTag } from './shared-fields.ts'

/**
 * Tags: texts in fields that hold nothing but constants (passes/tags.ts), which are kept as numbers, so that `shape.kind === 'circle'` and a switch
 * over kinds compare numbers.
 */

/** What a field holds before it is set. */
export const UNSET_TAG = -1
/** What stands for a text that no field holds. */
const OTHER_TAG = -2

/** The text of a tag: `(tag) -> string`. */
export function textOfTag(m: ModuleLowering): number {
  return m.helper('text of tag', [I32], [EXTERNREF], (c) => {
    c.globalGet(m.tagTexts()).get(0).gc('array.get', m.types.strings)
  })
}

/** What a slot of type string holds for a tag, which may not be set: `(tag) -> string`. */
export function slotOfTag(m: ModuleLowering): number {
  return m.helper('slot of tag', [I32], [EXTERNREF], (c) => {
    c.get(0).i32(UNSET_TAG).op('i32.eq').if(EXTERNREF).refNull(HEAP.extern, true)
    c.else().get(0).call(textOfTag(m)).end()
  })
}

/** The tag of a text, which is one of some: `(string) -> tag`. */
function tagOfText(m: ModuleLowering, texts: readonly string[]): number {
  const tags = texts.map((text) => m.tags.numbers.get(text)!)
  return m.helper(`tag of text ${tags.join()}`, [EXTERNREF], [I32], (c) => {
    const length = c.local(I32)
    c.get(0).call(m.imports.builtin('length')).set(length)
    for (const [i, text] of texts.entries()) {
      c.get(length).i32(text.length).op('i32.eq').if()
      c.get(0).globalGet(m.string(text)).call(m.imports.builtin('equals')).if()
      c.i32(tags[i]!).op('return').end().end()
    }
    c.op('unreachable')
  })
}

/** Ends the run where the tag on the stack is not set. */
export function refuseUnsetTag(f: FuncLowering): void {
  const { c } = f
  f.withLocal(I32, (tag) => {
    c.tee(tag).i32(UNSET_TAG).op('i32.eq').rarely().if()
    f.trap('uninitialized-field')
    c.end().get(tag)
  })
}

/** Pushes the tag of a text: a constant, read from a field that holds tags, or a parameter that is one. */
export function pushTag(f: FuncLowering, e: Expr): void {
  f.inside(e.span, () => {
    switch (e.kind) {
      case 'const':
        return void f.c.i32(f.m.tags.numbers.get(e.value as string) ?? OTHER_TAG)
      case 'seq':
        f.statements(e.body)
        return pushTag(f, e.value)
      case 'cond':
        return pushSharedTag(f, e) ? undefined : pushChosen(f, e)
      case 'local':
        f.value(e)
        return void f.c.call(tagOfText(f.m, f.m.tags.params.get(paramKey(f.index, e.local))!))
      default:
        return pushRead(f, e as Extract<Expr, { kind: 'op' }>)
    }
  })
}

function pushChosen(f: FuncLowering, e: Extract<Expr, { kind: 'cond' }>): void {
  const { c } = f
  const end = c.block(I32)
  const otherwise = c.block()
  branchIf(f, e.test, false, otherwise)
  pushTag(f, e.then)
  c.br(end)
  c.end()
  pushTag(f, e.else)
  c.end()
}

function pushRead(f: FuncLowering, { imm, args, span }: Extract<Expr, { kind: 'op' }>): void {
  const [id, at] = imm as readonly [number, number]
  f.value(args[0]!)
  f.at(span)
  getContent(f.c, fieldOf(f.m, id, at))
  if (!f.m.setFields[id]!.has(at)) refuseUnsetTag(f)
}

/** Whether an expression reads a tag, in each of its ends. */
export function readsTag(f: FuncLowering, e: Expr): boolean {
  if (e.kind === 'seq') return readsTag(f, e.value)
  if (e.kind === 'cond') return readsTag(f, e.then) && readsTag(f, e.else)
  if (e.kind !== 'op' || e.op !== 'object.get') return false
  const [id, at] = e.imm as readonly [number, number]
  return f.m.types.isTag(f.m.module.objects[id]!.fields[at]!)
}

/** Pushes whether two texts are equal, one of which at least is a tag; false where none is. `behind`: what is charged for each. */
export function equalTags(f: FuncLowering, a: Expr, b: Expr, behind: readonly (() => void)[]): boolean {
  if (!readsTag(f, a) && !readsTag(f, b)) return false
  for (const e of [a, b])
    if (!readsTag(f, e) && (e.kind !== 'const' || (e.value as string).length > TAG_MAX)) return false
  for (const [i, e] of [a, b].entries()) {
    pushTag(f, e)
    behind[i]?.()
  }
  f.c.op('i32.eq')
  return true
}
