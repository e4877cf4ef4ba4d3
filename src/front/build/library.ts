import { closestName } from '../../base/index.ts'
import { TYPED_ARRAYS } from '../../ir/index.ts'
import type { HExpr } from '../hir.ts'
import { holderOf } from './access.ts'
import { isAsked } from './asked.ts'
import { ts } from '../oracle.ts'
import { refuseLibrary } from './names.ts'
import { refuse, skipOuter, spanOf, type Place } from './state.ts'

const constants = new Map<string, number>([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ...Object.entries(TYPED_ARRAYS).map(([name, { size }]) => [`${name}.BYTES_PER_ELEMENT`, size] as const),
  ...(['PI', 'E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'SQRT2', 'SQRT1_2'] as const).map(
    (k) => [`Math.${k}`, Math[k]] as const,
  ),
  ...(
    [
      'MAX_SAFE_INTEGER',
      'MIN_SAFE_INTEGER',
      'MAX_VALUE',
      'MIN_VALUE',
      'EPSILON',
      'POSITIVE_INFINITY',
      'NEGATIVE_INFINITY',
      'NaN',
    ] as const
  ).map((k) => [`Number.${k}`, Number[k]] as const),
])

/** Whether a name of the library is a plain value, which has members as any value has. */
export function isLibraryConstant(name: string): boolean {
  return name === 'undefined' || constants.has(name)
}

/** A library name used as a value: a constant, or a function such as `Number` in `xs.map(Number)`. */
export function libraryValue(p: Place, node: ts.Expression, name: string): HExpr {
  const span = spanOf(p, node)
  const value = constants.get(name)
  if (value !== undefined) return { kind: 'const', value, span }
  if (!isCallable(p, node))
    return refuse(p, node, `${name} as a value`, `Name the member that is meant: \`${name}.member\`.`)
  return isAsked(node) ? { kind: 'const', value: true, span } : { kind: 'builtinRef', name, span }
}

function isCallable(p: Place, node: ts.Node): boolean {
  return p.build.oracle.checker.getTypeAtLocation(node).getCallSignatures().length > 0
}

/** What `typeof` says of a name of the library, which programs ask whether it is there. */
export function libraryType(p: Place, node: ts.Expression): 'function' | undefined {
  const e = skipOuter(node)
  const object = ts.isPropertyAccessExpression(e) ? e.expression : e
  if (holderOf(p, object)?.kind !== 'library') return undefined
  const type = p.build.oracle.checker.getTypeAtLocation(e)
  return type.getCallSignatures().length + type.getConstructSignatures().length > 0 ? 'function' : undefined
}

/** The library name that `object.member` means, where `object` is declared by the library; reports members that are not there. The prelude names none such. */
export function libraryMember(p: Place, node: ts.PropertyAccessExpression, object: string): string | undefined {
  const name = `${object}.${node.name.text}`
  if (p.prelude) return name
  const symbol = p.build.oracle.checker.getSymbolAtLocation(node.name)
  if (symbol?.declarations?.some((d) => p.build.oracle.isLib(d))) return name
  const members = p.build.oracle.checker.getTypeAtLocation(node.expression).getProperties()
  const close = closestName(
    node.name.text,
    members.map((m) => m.name),
  )
  const meant = close && `Write \`${object}.${close}\`, if that is meant.`
  refuseLibrary(p, node, name, meant ?? `See the members of \`${object}\` in docs/LANGUAGE.md.`)
  return undefined
}
