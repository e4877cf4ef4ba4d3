import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CODE_CACHE, WORKER_MAIN } from '../launch.ts'

/** A file or folder of this machine, and where a container shows it, read-only. */
export type Binding = { readonly from: string; readonly to: string }

const PROJECT = dirname(dirname(dirname(WORKER_MAIN)))

/** Where the ELF files of glibc systems ask for their dynamic linker (PT_INTERP), whatever folder it lies in. */
const LINKERS: readonly string[] = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1']

/**
 * All that a worker reads: Node and the libraries that this process, which is the same Node, has loaded; our own source; and
 * its compiled form, for a user of the container. Everything has the path that it has outside, by which the compiled form is found.
 */
export function workerFiles(script: string = WORKER_MAIN, uid: number = NOBODY): readonly Binding[] {
  nodeFiles ??= [same(process.execPath), ...loadedLibraries().flatMap(namesOf), ...linkers()]
  return [...nodeFiles, ...ownFiles(script).map(same), ...compiledForms(uid)]
}

/** The user and group that a worker is in a container: nobody, on every system. */
export const NOBODY = 65_534

/** Node keeps compiled code apart by user (`VERSION-ARCH-FLAGS-UID`): the worker finds ours under the name of its own. */
function compiledForms(uid: number): Binding[] {
  if (!existsSync(CODE_CACHE)) return []
  const ours = readdirSync(CODE_CACHE).filter((name) => name.endsWith(`-${process.getuid?.()}`))
  return ours.map((name) => ({
    from: join(CODE_CACHE, name),
    to: join(CODE_CACHE, name.replace(/\d+$/, String(uid))),
  }))
}

let nodeFiles: readonly Binding[] | undefined

const same = (path: string): Binding => ({ from: path, to: path })

function ownFiles(script: string): string[] {
  const source = join(PROJECT, 'src')
  const own = [source, join(PROJECT, 'package.json')].filter((path) => existsSync(path))
  return script.startsWith(source) ? own : [...own, dirname(script)]
}

/** The shared libraries of this process, from proc(5): without links. */
function loadedLibraries(): string[] {
  const maps = readFileSync('/proc/self/maps', 'utf8')
  const paths = maps.split('\n').flatMap((line) => /\s(\/\S.*)$/.exec(line)?.[1] ?? [])
  return [...new Set(paths)].filter((path) => /\.so(\.|$)/.test(path))
}

/** A library under its own name and those of the links to it: programs ask for `libX.so.1`, a link to `libX.so.1.2.0`. */
function namesOf(library: string): Binding[] {
  const folder = dirname(library)
  const [stem] = basename(library).split('.so')
  const links = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink() && entry.name.startsWith(`${stem}.so`))
    .map((entry) => join(folder, entry.name))
  return [library, ...links.filter((link) => realpathSync(link) === library)].map((to) => ({ from: library, to }))
}

const linkers = (): Binding[] => LINKERS.filter((path) => existsSync(path)).map(same)
