export { compileToWasm, type Compiled, type CompileOptions } from './host/compiled.ts'
export { WasmRun, type CallEnd, type WasmHost } from './host/run.ts'
