export { findCallCycles } from './call-cycles.ts'
export { findHandledCode } from './handled-code.ts'
