import type { HArg } from '../hir.ts'
import { ALL, NULLISH } from '../kinds.ts'
import { ts } from '../oracle.ts'
import { hasElements, narrow } from './narrow.ts'
import type { Place } from './state.ts'

/** Functions of the library that take what they are given apart by what it is, and are nothing for what is missing. */
const TAKING = /^(BigInt\.as(Uint|Int)N|new DataView|\w*Array\.from)$/

/** Methods that are so: of promises, and of typed arrays. */
const PROMISED: ReadonlySet<string> = new Set(['then', 'catch', 'finally'])

/** Arguments of a function of the library; what the checker says is there, and is not, ends the run where the function would have no meaning. */
export const presentArgs = (p: Place, name: string, nodes: Nodes, args: HArg[]): HArg[] =>
  TAKING.test(name) ? args.map((arg, i) => present(p, nodes?.[i], arg)) : args

/** The same for a method. */
export function presentMethodArgs(p: Place, callee: ts.PropertyAccessExpression, nodes: Nodes, args: HArg[]): HArg[] {
  const { text } = callee.name
  if (p.prelude || !(PROMISED.has(text) || (text === 'set' && hasElements(p, callee.expression)))) return args
  const declared = p.build.oracle.checker.getSymbolAtLocation(callee.name)?.declarations ?? []
  return declared.some((d) => p.build.oracle.isLib(d)) ? args.map((arg, i) => present(p, nodes?.[i], arg)) : args
}

type Nodes = readonly ts.Expression[] | undefined

function present(p: Place, node: ts.Expression | undefined, arg: HArg): HArg {
  if (p.prelude || !node || arg.kind !== 'item') return arg
  const type = p.build.oracle.checker.getTypeAtLocation(node)
  const parts = type.isUnion() ? type.types : [type]
  if (parts.some(({ flags }) => flags & MAY_BE_MISSING)) return arg
  return { kind: 'item', value: narrow(arg.value, ALL & ~NULLISH, 'flow', arg.value.span) }
}

const MAY_BE_MISSING =
  ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void
