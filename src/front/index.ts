export { compile, type CompiledProgram, type CompileOptions, type CompileResult } from './compile.ts'
export { LIBRARY_FILES } from './library-files.ts'
export type { Library, SourceHost } from './oracle.ts'
export { libraryMembers } from './library/index.ts'
