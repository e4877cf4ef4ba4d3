import { readFileSync } from 'node:fs'
import { declareTool, type ToolDescription } from '../../src/effects/index.ts'
import { LIBRARY_FILES, type Library } from '../../src/front/index.ts'

const read = (url: URL): string => readFileSync(url, 'utf8')

/** The whole library, and the modules of tools. */
export function libraryWith(tools: readonly ToolDescription[]): Library {
  return {
    lib: read(LIBRARY_FILES.lib),
    prelude: LIBRARY_FILES.prelude.map(({ path, url }) => ({ path, text: read(url) })),
    modules: [
      ...LIBRARY_FILES.modules.map(({ name, url }) => ({ name, text: read(url) })),
      ...tools.map((tool) => ({ name: `tool:${tool.name}`, text: declareTool(tool) })),
    ],
  }
}
