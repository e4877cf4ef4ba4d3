import { BOOL, type Expr, type Stmt } from '../../ir/index.ts'
import type { HClass } from '../hir.ts'
import { brandOf, isPrivateName, shownName } from '../member-names.ts'
import type { FunctionContext } from './context.ts'
import { fail } from './convert.ts'
import { effect, op, seq, undef } from './make.ts'

/** What V8 says of an access to a private member that an object does not have. */
const MESSAGES = {
  read: (name: string): string => `Cannot read private member ${name} from an object whose class did not declare it`,
  write: (name: string): string => `Cannot write private member ${name} to an object whose class did not declare it`,
}

/**
 * Throws where an object has no private member yet (PrivateGet and PrivateSet, ECMA-262 7.3.30 and 7.3.31): the constructor of a base class may
 * run code of the class before. Nothing where the object has it in any case.
 */
export function missingMember(
  c: FunctionContext,
  { type }: Expr,
  name: string,
  does: keyof typeof MESSAGES,
): ((object: Expr) => Stmt[]) | undefined {
  const node = isPrivateName(name) && type.kind === 'object' ? c.program.types.nodeOf(type.id) : undefined
  const isField = node?.fields.has(name) === true
  const field = isField ? name : brandOf(name)
  if (!node?.fields.get(field)?.optional) return undefined
  const message = isField
    ? MESSAGES[does](shownName(name))
    : `Receiver must be an instance of class ${declaring(node.cls, field)?.brand?.of}`
  return (object) => {
    const { span } = object
    const imm = [c.program.types.idOf(node), c.program.types.fieldIndex(node, field)]
    const thrown = effect(fail(c, message, undef(span)))
    return [{ kind: 'if', test: op('object.has', [object], BOOL, span, imm), then: [], else: [thrown], span }]
  }
}

/** An object that has the member, or something was thrown. */
export function withMember(c: FunctionContext, object: Expr, name: string): Expr {
  const missing = missingMember(c, object, name, 'read')
  if (!missing) return object
  const { body, value } = c.keep(object)
  return seq([...body, ...missing(value)], value)
}

const declaring = (cls: HClass | null, field: string): HClass | null =>
  cls === null || cls.brand?.field === field ? cls : declaring(cls.base, field)
