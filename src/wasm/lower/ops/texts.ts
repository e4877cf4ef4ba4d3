import type { Expr, Stmt, Type } from '../../../ir/index.ts'
import { EXTERNREF, I32, type ValType } from '../../encoder/index.ts'
import { optionalOf } from '../../layout/values.ts'
import { equalTexts } from '../../runtime/strings.ts'
import { chargeBefore } from '../charges.ts'
import type { FuncLowering, OpExpr } from '../func.ts'
import { equalTags, pushTag, readsTag } from '../tags.ts'
import { compareUnits, unitOf } from './units.ts'

/**
 * Strict equality of what may be texts: `s[i] === 'x'`, where s[i] may be undefined, and a switch over it. What is compared is in boxes in
 * the IR; here a text is not put in one, but charged as if it were.
 */

type Const = Extract<Expr, { kind: 'const' }>
type Switch = Extract<Stmt, { kind: 'switch' }>

/** What a text, or what may be one or none, is before it is put in a box. */
function textOf(e: Expr): Expr | undefined {
  const inner = isBox(e) ? e.args[0]! : e
  const { type } = inner
  return type.kind === 'string' || optionalOf(type)?.base.kind === 'string' ? inner : undefined
}

const isBox = (e: Expr): e is OpExpr => e.kind === 'op' && e.op === 'dyn.box'

/** Charges the box that a text is not put in. */
function chargeBox(f: FuncLowering, e: Expr): void {
  if (!isBox(e)) return
  f.inside(e.span, () => {
    f.at(e.span)
    chargeBefore(f, e, [])
  })
}

/** Lowers an equality where both are units or one is a constant; whether it is one. */
export function equalsText(f: FuncLowering, e: OpExpr): boolean {
  const [first, second] = e.args as readonly [Expr, Expr]
  const [a, b] = [textOf(first), textOf(second)]
  if (!a || !b) return false
  const [chargeFirst, chargeSecond] = [(): void => chargeBox(f, first), (): void => chargeBox(f, second)]
  if (equalTags(f, a, b, [chargeFirst, chargeSecond])) return true
  const [left, right] = [unitOf(a), unitOf(b)]
  if (left && right && ('read' in left || 'read' in right)) {
    compareUnits(f, 'string.eq', left, right, { behind: [chargeFirst, chargeSecond] })
    return true
  }
  const constant = a.kind === 'const' ? a : b
  const other = a.kind === 'const' ? b : a
  if (constant.kind !== 'const' || other.kind === 'const') return false
  f.withLocal(EXTERNREF, (text) => {
    if (a.kind === 'const') chargeFirst()
    f.value(other)
    f.c.set(text)
    if (a.kind !== 'const') chargeFirst()
    chargeSecond()
    isText(f, text, other.type, constant.value as string)
  })
  return true
}

/** Pushes whether a local of a type that is a string, or one or none, holds a constant text. */
function isText(f: FuncLowering, local: number, type: Type, text: string): void {
  const { c, m } = f
  const mayBeNone = type.kind !== 'string'
  if (mayBeNone) c.get(local).op('ref.is_null').if(I32).i32(0).else()
  if (text.length === 1) {
    c.get(local).call(m.imports.builtin('length')).i32(1).op('i32.eq').if(I32)
    c.get(local).i32(0).call(m.imports.builtin('charCodeAt')).i32(text.charCodeAt(0)).op('i32.eq')
    c.else().i32(0).end()
  } else c.get(local).globalGet(m.string(text)).call(equalTexts(m))
  if (mayBeNone) c.end()
}

/** A switch over what may be a text: how its subject is pushed, what it is on the stack, and each test by the local that holds it. */
type TextSwitch = { readonly type: ValType; pushSubject(): void; pushTest(local: number, test: Expr): void }

/** How a switch over what may be a text is done, all of whose cases are constant texts. */
export function textSwitch(f: FuncLowering, { subject, cases }: Switch): TextSwitch | undefined {
  const over = textOf(subject)
  const isConstant = ({ test }: (typeof cases)[number]): boolean => !test || textOf(test)?.kind === 'const'
  if (!over || !cases.every(isConstant)) return undefined
  const isTag = readsTag(f, over)
  return {
    type: isTag ? I32 : EXTERNREF,
    pushSubject() {
      if (isTag) pushTag(f, over)
      else f.value(over)
      chargeBox(f, subject)
    },
    pushTest(local, test) {
      chargeBox(f, test)
      if (isTag) {
        pushTag(f, textOf(test)!)
        f.c.get(local).op('i32.eq')
      } else isText(f, local, over.type, (textOf(test) as Const).value as string)
    },
  }
}
