export { compile, type CompileOptions, type CompileResult } from './compile.ts'
export type { Library, SourceHost } from './oracle.ts'
