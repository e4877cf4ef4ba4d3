import type { Grammar } from './grammar.ts'

export type FilesGrant = {
  readonly kind: 'files'
  readonly access: 'read' | 'write' | 'both'
  /** A folder of the host, relative to where the host says. */
  readonly folder: string
  /** By what name paths of the program begin. */
  readonly name: string
}

export type AskedFiles = { readonly kind: 'files'; readonly access: 'read' | 'write'; readonly name: string }

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

export const FILES: Grammar<FilesGrant, AskedFiles> = {
  examples: ['files=read:./data', 'files=write:./out=results', 'files=./work'],
  parse(scope) {
    const [, access = 'both', rest] = /^(?:(read|write):)?(.+)$/s.exec(scope ?? '') ?? []
    if (rest === undefined || rest.includes('\0')) return 'a folder: `[read:|write:]FOLDER[=NAME]`'
    const at = rest.lastIndexOf('=')
    const folder = at > 0 ? rest.slice(0, at) : rest
    const name = at > 0 ? rest.slice(at + 1) : folder.replace(/\/+$/, '').split('/').at(-1)!
    if (!NAME.test(name)) return `a name of letters, digits, \`.\`, \`_\` and \`-\`: \`${folder}=NAME\``
    return { kind: 'files', access: access as FilesGrant['access'], folder, name }
  },
  format: ({ access, folder, name }) => `${access === 'both' ? '' : `${access}:`}${folder}=${name}`,
  mismatch(grant, asked) {
    if (grant.name !== asked.name) return { closeness: 1, text: `the folder ${asked.name}` }
    if (grant.access === 'both' || grant.access === asked.access) return undefined
    return { closeness: 2, text: asked.access === 'read' ? 'reading' : 'writing' }
  },
  describe: ({ access, name }) => `${access}:FOLDER=${name}`,
  isWithin: (narrow, wide) =>
    narrow.name === wide.name &&
    narrow.folder === wide.folder &&
    (wide.access === 'both' || narrow.access === wide.access),
  /** A document knows names, and no folders of the host. */
  meet(grant, declared) {
    if (grant.name !== declared.name) return undefined
    if (declared.access === 'both' || declared.access === grant.access) return grant
    return grant.access === 'both' ? { ...grant, access: declared.access } : undefined
  },
}
