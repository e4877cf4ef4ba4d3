/**
 * The file that `import ... from name` in the file `from` means, or undefined. Paths are absolute in
 * the program's own tree (`/main.ts`); an import cannot leave that tree. `./x`, `./x.ts`,
 * `./x.js` and `./dir` are understood, and names of library modules such as `anrf:http`.
 */
export function resolveImport(from: string, name: string, exists: (path: string) => boolean): string | undefined {
  if (/^(anrf|tool):/.test(name)) return exists(modulePath(name)) ? modulePath(name) : undefined
  if (!/^\.\.?(\/|$)/.test(name)) return undefined
  const base = join(from.slice(0, from.lastIndexOf('/')), name)
  if (base === undefined) return undefined
  const candidates = /\.m?ts$/.test(base) ? [base] : [base + '.ts', base.replace(/\.m?js$/, '.ts'), base + '/index.ts']
  return candidates.find((path) => path.endsWith('.ts') && exists(path))
}

/** Where a module of the library stands in the tree of a program. No path of a program can be that: its names have no colon in first place. */
export const modulePath = (name: string): string => `/${name}.ts`

function join(folder: string, name: string): string | undefined {
  const parts = folder.split('/').filter((p) => p !== '')
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return '/' + parts.join('/')
}
