/** What this folder uses of the host's WebAssembly API (WebAssembly JavaScript Interface); the standard library of types has it only for browsers. */
declare namespace WebAssembly {
  type ValueTypes = { readonly i32: number; readonly i64: bigint; readonly f64: number }

  class Global<T extends keyof ValueTypes> {
    private constructor()
    value: ValueTypes[T]
  }

  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum: number })
  }

  class Tag {
    private constructor()
  }

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>, options?: { readonly builtins?: readonly string[] })
  }

  class Instance {
    constructor(module: Module, imports: { readonly [module: string]: { readonly [name: string]: unknown } })
    readonly exports: { readonly [name: string]: unknown }
  }

  /** An exception of compiled code, or one that the host throws for it to catch. */
  class Exception {
    constructor(tag: Tag, payload: readonly unknown[])
    is(tag: Tag): boolean
    getArg(tag: Tag, index: number): unknown
  }

  class RuntimeError extends Error {}
  class CompileError extends Error {}

  function validate(bytes: Uint8Array<ArrayBuffer>, options?: { readonly builtins?: readonly string[] }): boolean
}
