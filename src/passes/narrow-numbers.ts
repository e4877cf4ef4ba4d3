import { BOUNDS, childrenOf, type Func, type Module, type Node } from '../ir/index.ts'
import { analyse } from './narrow/analyse.ts'
import { chooseNarrowed } from './narrow/choose.ts'
import { makeFrame } from './narrow/frame.ts'
import { Rewriter } from './narrow/rewrite.ts'

/**
 * Holds in i32 what is provably an i32, for engines that make machine code: f64 locals that count, index or hold bits
 * become i32 locals, lists of such numbers that do not leave their function become lists of i32, and operations on such values their i32 counterparts where the result is the same to the bit. A
 * narrowed local is read as `f64.from_i32(local)` where a number is needed, also as an index; the i32 form of a
 * length is `f64.to_i32(array.length(list))`.
 *
 * Ranges are found in the order of evaluation: from constants and lengths, from tests, from indexes that did not trap,
 * and from fuel, which bounds how often a run of at most `fuelMax` can go round a loop and so how far a counter gets.
 *
 * requires: a checked module; every run of the result has at most `fuelMax` fuel, and ends before an array has 2^30
 * elements
 * ensures: a module that `checkModule` accepts, with the same numbers of everything, whose runs are those of the given one
 * in outcome, fuel, allocation, depth and logs; functions whose analysis would take too long are left as they are
 */
export function narrowNumbers(module: Module, fuelMax: number): Module {
  return { ...module, funcs: module.funcs.map((func) => narrowFunc(func, fuelMax)) }
}

function narrowFunc(func: Func, fuelMax: number): Func {
  const frame = makeFrame(func)
  const findings = frame && analyse(frame, fuelMax)
  if (!findings) return func
  const narrowed = new Rewriter(frame, findings, chooseNarrowed(frame, findings)).func()
  return isTooDeep(narrowed) ? func : narrowed
}

/** Whether conversions made nesting exceed its bound. spec: module#bounds */
function isTooDeep(func: Func): boolean {
  let level: readonly Node[] = func.body
  for (let depth = 0; depth < BOUNDS.depth && level.length > 0; depth++) level = level.flatMap(childrenOf)
  return level.length > 0
}
