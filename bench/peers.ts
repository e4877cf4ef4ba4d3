import { getQuickJS } from 'quickjs-emscripten'
import ts from 'typescript'
import type { Runner } from './measure.ts'

/** The program with its types and `export` erased, as a script that defines `run`. */
function toScript(source: string): string {
  const options = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext }
  return ts.transpileModule(source, { compilerOptions: options }).outputText.replaceAll(/^export /gm, '')
}

/** The program in quickjs-emscripten, in this process. Throws when the script does not load. */
export async function openInQuickJs(source: string): Promise<Runner> {
  const context = (await getQuickJS()).newContext()
  context.unwrapResult(context.evalCode(toScript(source))).dispose()
  return {
    name: 'quickjs',
    run(n) {
      const handle = context.unwrapResult(context.evalCode(`run(${n})`))
      const value = context.getNumber(handle)
      handle.dispose()
      return value
    },
    dispose: () => context.dispose(),
  }
}

/** The program in the Node that runs this benchmark, compiled by V8 as it sees fit. */
export async function openInNode(source: string): Promise<Runner> {
  const url = `data:text/javascript,${encodeURIComponent(`${toScript(source)}\nexport { run }`)}`
  const program = (await import(url)) as { run(n: number): number }
  return { name: 'node', run: (n) => program.run(n), dispose: () => undefined }
}
