import { resolve } from 'node:path'
import type { Diagnostic, Limits } from '../../base/index.ts'
import type { Document } from '../../document/index.ts'
import type { Declared } from '../../effects/index.ts'
import type { Library } from '../../front/index.ts'
import type { Module } from '../../ir/index.ts'
import { readGiven } from './arguments.ts'
import type { Terminal } from './terminal.ts'

/** A program from a file, checked. `bytes` is its encoded IR, which workers run; diagnostics are only warnings. */
export type LoadedProgram = {
  readonly module: Module
  readonly bytes: Uint8Array
  readonly diagnostics: readonly Diagnostic[]
  /** The limits that a document asks for; source asks for none. */
  readonly limits?: Limits
  /** What a document asks for, and where; source asks for what its code does. */
  readonly capabilities?: readonly Declared[]
  /** The folder that the paths of the program are relative to, absolute; only for source. */
  readonly root?: string
}

/** A program as a whole document, for the commands that show, sign or send it. */
export type LoadedDocument = LoadedProgram & { readonly document: Document }

/** There is no program to go on with. */
export type Refused = { readonly refused: readonly Diagnostic[] }

/** Name and version that a document made from source gets. */
export type Release = { readonly name: string; readonly version: string }

/** How source is compiled. */
export type Compiling = {
  /** Bounds what is compiled to what these reach. */
  readonly entries?: readonly string[]
  /** Further modules that a program may import: those of tools. */
  readonly modules?: Library['modules']
}

/** Whether a path names TypeScript source; anything else is read as a document. */
export function isSource(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path)
}

/**
 * The IR of a program. The TypeScript compiler is loaded only for source files. Throws `UsageError` when the file cannot be read.
 */
export async function loadProgramFile(
  terminal: Terminal,
  path: string,
  how: Compiling = {},
): Promise<LoadedProgram | Refused> {
  if (!isSource(path)) return openFile(terminal, path)
  const { compileFile } = await import('./compile-file.ts')
  return compileFile(resolve(terminal.folder, path), terminal.folder, how)
}

/** The document of a program; source files are compiled to one. */
export async function loadDocumentFile(
  terminal: Terminal,
  path: string,
  release: Release,
  how: Compiling = {},
): Promise<LoadedDocument | Refused> {
  if (!isSource(path)) return openFile(terminal, path)
  const { compileDocument } = await import('./compile-file.ts')
  return compileDocument(resolve(terminal.folder, path), terminal.folder, release, how)
}

async function openFile(terminal: Terminal, path: string): Promise<LoadedDocument | Refused> {
  const [{ limitsOf, openDocument }, { checkScopes }] = await Promise.all([
    import('../../document/index.ts'),
    import('../../effects/index.ts'),
  ])
  const opened = openDocument(await readGiven(terminal, path))
  if ('diagnostics' in opened) return { refused: opened.diagnostics }
  const { document, module, program, warnings } = opened
  const { capabilities } = document.security
  const wrong = checkScopes(capabilities)
  if (wrong.length > 0) return { refused: wrong }
  return { module, bytes: program, document, diagnostics: warnings, limits: limitsOf(document.security), capabilities }
}
