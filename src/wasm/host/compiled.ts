import type { Module } from '../../ir/index.ts'
import { lowerModule, type Lowered } from '../lower/index.ts'

/** A program compiled by the host, which any number of runs may share. */
export type Compiled = Lowered & { readonly wasm: WebAssembly.Module }

export type CompileOptions = {
  /** Whether fuel and allocation are counted; false only to measure what that costs. */
  readonly charges: boolean
}

/** Lowers a checked module and lets the host compile it; functions are compiled when first called. */
export function compileToWasm(
  module: Module,
  cyclic: ReadonlySet<number>,
  options: CompileOptions = { charges: true },
): Compiled {
  const lowered = lowerModule(module, cyclic, options)
  return { ...lowered, wasm: new WebAssembly.Module(lowered.bytes, { builtins: ['js-string'] }) }
}
