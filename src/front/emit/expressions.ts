import { STRING, type Expr, type Type } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import { emitBuiltin, emitBuiltinRef } from '../library/index.ts'
import { emitReceiver, emitGet, emitIndex, emitSet, emitSetIndex } from './access.ts'
import { emitInstanceof, emitInstanceofValue } from './instanceof.ts'
import { emitCall, emitMethod, emitNew, emitSuper } from './calls.ts'
import type { FunctionContext } from './context.ts'
import { emitDelete, emitIn } from './membership.ts'
import { isMissing, required, toText } from './convert.ts'
import { emitArray, emitObject } from './literals.ts'
import { coerce, cond, isFalse, constant, op, seq, str } from './make.ts'
import { emitBinary, emitLogical, emitTest, emitUnary } from './operators.ts'
import { emitStatements } from './statements.ts'
import { emitAssign, emitClosure, readVariable } from './variables.ts'

/** An expression as a value of a given type. */
export function emitAs(c: FunctionContext, e: HExpr, type: Type): Expr {
  return coerce(emit(c, e), type)
}

/** An expression in the type that comes naturally; `coerce` fits it to where it goes. */
export function emit(c: FunctionContext, e: HExpr): Expr {
  const made = emitOf(c, e)
  c.noteEmitted(e, made)
  return made
}

function emitOf(c: FunctionContext, e: HExpr): Expr {
  switch (e.kind) {
    case 'const':
      return constant(e.value, e.span)
    case 'var':
      return readVariable(c, e)
    case 'assign':
      return emitAssign(c, e, true)
    case 'function':
      return emitClosure(c, c.program.analysis.sharedInstance(c.inst, e.f), e.span)
    case 'unary':
      return emitUnary(c, e)
    case 'binary':
      return emitBinary(c, e)
    case 'logical':
      return emitLogical(c, e)
    case 'cond': {
      const type = c.typeOf(e)
      const test = emitTest(c, e.test)
      if (isFalse(test)) return emitAs(c, e.else, type)
      return cond(test, emitAs(c, e.then, type), emitAs(c, e.else, type), e.span)
    }
    case 'seq':
      return seq(emitStatements(c, e.body), emit(c, e.value))
    case 'template':
      return emitTemplate(c, e)
    case 'array':
      return emitArray(c, e)
    case 'object':
      return emitObject(c, e)
    case 'get':
      return emitGet(c, e)
    case 'set':
      return emitSet(c, e, true)
    case 'index':
      return emitIndex(c, e)
    case 'setIndex':
      return emitSetIndex(c, e, true)
    case 'call':
      return emitCall(c, e)
    case 'method':
      return emitMethod(c, e)
    case 'super':
      return emitSuper(c, e)
    case 'new':
      return emitNew(c, e)
    case 'builtin':
      return emitBuiltin(c, e)
    case 'builtinRef':
      return emitBuiltinRef(c, e)
    case 'narrow':
      return coerce(emit(c, e.x), c.typeOf(e))
    case 'require':
      return required(c, emitReceiver(c, e.x), e.message)
    case 'isMissing':
      return isMissing(emit(c, e.x), e.nullish)
    case 'instanceofValue':
      return emitInstanceofValue(c, e)
    case 'instanceof':
      return emitInstanceof(c, e)
    case 'in':
      return emitIn(c, e)
    case 'yield':
      throw new Error('a yield is left in the code of a generator')
    case 'delete':
      return emitDelete(c, e)
  }
}

/** An expression whose value nobody asks for. */
export function emitEffect(c: FunctionContext, e: HExpr): Expr {
  switch (e.kind) {
    case 'assign':
      return emitAssign(c, e, false)
    case 'set':
      return emitSet(c, e, false)
    case 'setIndex':
      return emitSetIndex(c, e, false)
    case 'narrow':
      return emitEffect(c, e.x)
    default:
      return emit(c, e)
  }
}

function emitTemplate(c: FunctionContext, e: HExpr & { kind: 'template' }): Expr {
  const parts = e.parts.map((part) => toText(c, emit(c, part)))
  const [first, ...rest] = parts
  if (!first) return str('', e.span)
  return rest.reduce((all, part) => op('string.concat', [all, part], STRING, e.span), first)
}
