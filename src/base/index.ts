export { closestName } from './closest.ts'
export { CODES, type Code } from './codes.ts'
export {
  diagnostic,
  hasErrors,
  sortDiagnostics,
  type Diagnostic,
  type DiagnosticParts,
  type Label,
  type Severity,
} from './diagnostic.ts'
export type { Encoded } from './encoded.ts'
export { sha256Hex } from './hash.ts'
export { ISOLATION_CHOICES, ISOLATION_LEVELS, type IsolationChoice, type IsolationLevel } from './isolation.ts'
export { hashLeaf, hashNode, largestPowerBelow, merkleRoot, rootOf } from './merkle.ts'
export { readJson, type JsonRefusal } from './json.ts'
export { clampLimits, LIMIT_NAMES, LIMITS, resolveLimits, type Clamped, type LimitName, type Limits } from './limits.ts'
export { MODE_CHOICES, resolveMode, type Mode, type ModeChoice } from './modes.ts'
export {
  TRAPS,
  type ExecutionUsage,
  type Frame,
  type Outcome,
  type OutcomeKind,
  type Pending,
  type TrapName,
  type Usage,
} from './outcome.ts'
export type { RefusalRow } from './refusals/row.ts'
export { featuresOf, isRefusedGlobal, refusalOf, REFUSALS, type RefusalName } from './refusals/table.ts'
export { compareVersions, fitsRange, isPreRelease, parseRange, type VersionRange } from './semver.ts'
export {
  lineStarts,
  locate,
  NO_SPAN,
  positionAt,
  type Location,
  type Position,
  type SourceFile,
  type Span,
} from './span.ts'
export { TIMER_MS_MAX } from './timer.ts'
