import { PRELUDE_FILES } from './prelude-files.ts'

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
  prelude: Object.keys(PRELUDE_FILES).map((path) => ({
    path,
    url: new URL(`./prelude/${path}`, import.meta.url),
  })),
  modules: ['approvals', 'clock', 'effects', 'files', 'http', 'kv', 'programs', 'secrets'].map((name) => ({
    name: `anrf:${name}`,
    url: new URL(`./modules/${name}.ts`, import.meta.url),
  })),
}
