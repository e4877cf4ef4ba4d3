import { locate, type Frame, type SourceFile, type TrapName } from '../../base/index.ts'
import type { Position, Positions } from '../lower/positions.ts'

/** Frames of the program that a trace keeps, innermost first; as in every engine. */
const FRAMES_MAX = 50
/** Frames of the host that may stand between: helpers, thunks of closures, our own functions. */
export const HOST_FRAMES_MAX = 3 * FRAMES_MAX

/** A stack of the host, captured when something happened and read only if somebody asks. */
export type Trace = { readonly stack?: unknown }

/** Where the host is now. Cheap: V8 makes frames into text only when the stack is read. */
export function captureTrace(): Trace {
  const trace: Trace = {}
  Error.captureStackTrace(trace, captureTrace)
  return trace
}

/** The frames of compiled code on a captured stack, innermost first. */
function positionsOf(trace: Trace, positions: Positions): Position[] {
  return callSites(trace).flatMap((site) => {
    if (site.getScriptNameOrSourceURL()?.startsWith('wasm://') !== true) return []
    // For compiled code this is the offset of the instruction in the module.
    return positions.find(site.getPosition()) ?? []
  })
}

type CallSite = { getScriptNameOrSourceURL(): string | null; getPosition(): number }

function callSites(trace: Trace): readonly CallSite[] {
  const before = Error.prepareStackTrace
  Error.prepareStackTrace = (_, sites) => sites
  try {
    const sites = trace.stack
    return Array.isArray(sites) ? (sites as CallSite[]) : []
  } finally {
    if (before) Error.prepareStackTrace = before
    else delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace
  }
}

/**
 * A trace as functions and places. `callee`: the innermost function of the program was about to be entered, and what
 * happened belongs to its caller.
 */
export function describeTrace(
  trace: Trace,
  positions: Positions,
  files: readonly SourceFile[],
  innermost: 'running' | 'callee',
): Frame[] {
  const frames: Frame[] = []
  for (const { func, mark } of positionsOf(trace, positions)) {
    if (func.name === undefined) continue
    const location = mark && locate(files, mark.span)
    frames.push({ function: func.name, ...(location && { location }) })
  }
  return frames.slice(innermost === 'callee' ? 1 : 0, FRAMES_MAX + (innermost === 'callee' ? 1 : 0))
}

/** What it means that compiled code stopped at the innermost instruction of a trace. */
export function trapAt(trace: Trace, positions: Positions): TrapName | undefined {
  return positionsOf(trace, positions)[0]?.mark?.trap
}
