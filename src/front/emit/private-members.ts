import { BOOL, type Expr, type Stmt } from '../../ir/index.ts'
import type { PrivateMember } from '../hir.ts'
import { isForeign } from '../hir-program.ts'
import { brandOf, cannotRead, shownName } from '../member-names.ts'
import type { FunctionContext } from './context.ts'
import { fail } from './convert.ts'
import { trapHere } from './keys.ts'
import { effect, op, seq, then, undef } from './make.ts'

type Use = 'read' | 'write'

/** What V8 says of a use of a private member that a value does not have. */
function messageOf({ cls, isField, of }: PrivateMember, name: string, use: Use): string {
  if (!isField) return cls ? `Receiver must be an instance of class ${of}` : `Receiver must be class ${of}`
  const from = use === 'read' ? 'from' : 'to'
  return `Cannot ${use} private member ${shownName(name)} ${from} an object whose class did not declare it`
}

/**
 * A use of a private member by a value that is no instance of the class that declares it (PrivateGet and PrivateSet, ECMA-262 7.3.30 and 7.3.31):
 * throws. Undefined for values that have it, or will.
 */
export function useOfForeign(c: FunctionContext, value: Expr, name: string, use: Use): Expr | undefined {
  const { type, span } = value
  const { program } = c.program.analysis
  const member = program.privates.get(name)
  if (!member || type.kind === 'any') return undefined
  const node = type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  if (!isForeign(program, node?.cls ?? null, name)) return undefined
  // Which class it is that comes as a value is not known here.
  if (type.kind === 'func' && !member.cls) return then(value, trapHere(span, undef(span)))
  return then(value, fail(c, messageOf(member, name, use), undef(span)))
}

/** What V8 says of null or undefined (`%`) in the place of the object: methods and accessors are looked for by the class. */
export function cannotUse(c: FunctionContext, name: string, use: Use): string {
  const member = c.program.analysis.program.privates.get(name)
  if (member && !member.isField) return member.cls ? cannotRead(member.of) : messageOf(member, name, use)
  return use === 'read' ? cannotRead(name) : `Cannot set properties of % (setting '${shownName(name)}')`
}

/**
 * An accessor of which only the other half is there: a TypeError, as for methods that are assigned to. Undefined where the use has its half, or
 * the member is none.
 */
export function useOfOtherHalf(c: FunctionContext, object: Expr, name: string, use: Use): Expr | undefined {
  const member = c.program.analysis.program.privates.get(name)
  const cls = member?.cls
  if (!member || !cls || member.isField) return undefined
  const halves = use === 'read' ? [cls.getters, cls.methods] : [cls.setters]
  if (halves.some((half) => half.has(name))) return undefined
  const message = cls.methods.has(name)
    ? `Private method '${shownName(name)}' is not writable`
    : `'${shownName(name)}' was defined without a ${use === 'read' ? 'getter' : 'setter'}`
  return then(object, fail(c, message, undef(object.span)))
}

/** Throws where an instance does not have the member yet: the constructor of a base class may run code of the class. Nothing where it has it in any case. */
export function missingMember(
  c: FunctionContext,
  { type }: Expr,
  name: string,
  use: Use,
): ((object: Expr) => Stmt[]) | undefined {
  const member = c.program.analysis.program.privates.get(name)
  const node = member && type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  const field = node?.fields.has(name) ? name : brandOf(name)
  if (!member || !node?.fields.get(field)?.optional) return undefined
  return (object) => {
    const { span } = object
    const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, field)]
    const thrown = effect(fail(c, messageOf(member, name, use), undef(span)))
    return [{ kind: 'if', test: op('object.has', [object], BOOL, span, imm), then: [], else: [thrown], span }]
  }
}

/** An instance that has the member, or something was thrown. */
export function withMember(c: FunctionContext, object: Expr, name: string): Expr {
  const missing = missingMember(c, object, name, 'read')
  if (!missing) return object
  const { body, value } = c.keep(object)
  return seq([...body, ...missing(value)], value)
}
