import type { Pattern, Signature } from '../signature.ts'
import { arrayOf, formatType, isBoxed, isTable, optional, sameType, type Type } from '../types.ts'
import { fault, type Fault } from './rules.ts'

/** What matching a signature found: the type that `T` stands for, when one was found. */
type Binding = { variable: Type | undefined }

/**
 * Matches operand types with a signature. The answer is the result type, `undefined` when the rule
 * of the operation decides it, or what does not fit. `variable` binds `T` before the operands do.
 */
export function matchSignature(
  signature: Signature,
  args: readonly Type[],
  variable: Type | undefined,
): Type | Fault | undefined {
  const { params, rest } = signature
  if (args.length < params.length || (!rest && args.length > params.length))
    return fault(
      'operands',
      `there are ${args.length} of them, the signature has ${params.length}${rest ? ' or more' : ''}`,
    )
  const binding: Binding = { variable }
  for (const [i, type] of args.entries()) {
    const pattern = params[i] ?? rest!
    if (!matches(pattern, type, binding))
      return fault('operands', `operand ${i + 1} is of type ${formatType(type)}, not ${describe(pattern, binding)}`)
  }
  return resultOf(signature.result, binding)
}

function matches(pattern: Pattern, type: Type, binding: Binding): boolean {
  switch (pattern.kind) {
    case 'variable':
      binding.variable ??= type
      return sameType(binding.variable, type)
    case 'array':
      return type.kind === 'array' && matches(pattern.of, type.elem, binding)
    case 'optional':
      return sameType(type, resultOf(pattern, binding) ?? type)
    case 'boxed':
      return isBoxed(type)
    case 'reference':
      return isReference(type)
    case 'rule':
      return true
    case 'plain':
      return pattern.type.kind === type.kind
  }
}

/** Whether values of the type have identity. */
export function isReference(type: Type): boolean {
  return (
    type.kind === 'array' || type.kind === 'tuple' || type.kind === 'object' || type.kind === 'func' || isTable(type)
  )
}

function resultOf(pattern: Pattern, binding: Binding): Type | undefined {
  if (pattern.kind === 'plain') return pattern.type
  if (pattern.kind === 'variable') return binding.variable
  if (pattern.kind !== 'array' && pattern.kind !== 'optional') return undefined
  const inner = resultOf(pattern.of, binding)
  return inner && (pattern.kind === 'array' ? arrayOf(inner) : optional(inner))
}

function describe(pattern: Pattern, binding: Binding): string {
  const type = resultOf(pattern, binding)
  if (type) return formatType(type)
  return pattern.kind === 'array' ? 'an array' : pattern.kind === 'boxed' ? 'a union or any' : 'a reference'
}
