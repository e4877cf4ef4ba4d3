/**
 * Where the library lies that every program is compiled with. Reading the files is left to the caller: this folder does no IO.
 */
export const LIBRARY_FILES: {
  readonly lib: URL
  readonly prelude: readonly { readonly path: string; readonly url: URL }[]
  /** Modules that programs import by name, such as `anrf:http`. */
  readonly modules: readonly { readonly name: string; readonly url: URL }[]
} = {
  lib: new URL('./lib/lib.anrf.d.ts', import.meta.url),
  prelude: [
    'array.ts',
    'async-generator.ts',
    'data-view.ts',
    'date.ts',
    'iterator-helpers.ts',
    'iterators.ts',
    'math.ts',
    'object.ts',
    'promise.ts',
    'regexp-replace.ts',
    'regexp.ts',
    'sort.ts',
    'string.ts',
    'table.ts',
    'typed-sort.ts',
    'typed.ts',
    'timers.ts',
  ].map((path) => ({
    path,
    url: new URL(`./prelude/${path}`, import.meta.url),
  })),
  modules: ['approvals', 'clock', 'effects', 'files', 'http', 'kv', 'programs', 'secrets'].map((name) => ({
    name: `anrf:${name}`,
    url: new URL(`./modules/${name}.ts`, import.meta.url),
  })),
}
