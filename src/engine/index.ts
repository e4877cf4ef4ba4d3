export type { Engine, Executable, RunHost, RunReport, RunRequest } from './engine.ts'
export { loadProgram, MODES, prepareModule, run, type Mode, type Program, type RunOptions } from './program.ts'
