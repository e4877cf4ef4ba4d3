export { findCallCycles } from './call-cycles.ts'
