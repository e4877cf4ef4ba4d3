export { findCallCycles } from './call-cycles.ts'
export { findHandledCode } from './handled-code.ts'
export { narrowNumbers } from './narrow-numbers.ts'
export { findSetFields } from './set-fields.ts'
