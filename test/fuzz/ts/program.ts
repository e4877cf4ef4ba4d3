import { checkArguments } from '../../../src/engine/index.ts'
import { hasErrors, resolveLimits, type Encoded } from '../../../src/base/index.ts'
import { compile } from '../../../src/front/index.ts'
import { membersOf, type Module, type Type } from '../../../src/ir/index.ts'
import { library } from '../../golden/anrf.ts'
import type { NodeJob } from '../../golden/oracle.ts'
import { openCompiled, type DiffEngine } from '../engines.ts'
import type { Call } from '../trial.ts'

/** Programs of TypeScript do more than random modules do. */
export const TS_LIMITS = resolveLimits({ fuel: 2_000_000, allocation: 2 ** 28, depth: 500, memory: 2 ** 30 })

/** A program that was compiled, with its calls as engines take them; or why it was not. */
export type Compiled =
  | { readonly kind: 'compiled'; readonly module: Module; readonly calls: readonly Call[] }
  | { readonly kind: 'refused'; readonly message: string; readonly line: number }
  | { readonly kind: 'crashed'; readonly message: string }

export function compileProgram({ main, files, calls }: NodeJob, lib = library): Compiled {
  try {
    const { program, diagnostics } = compile({ read: (path) => files[path] }, lib, { main })
    if (!program) {
      const error = diagnostics.find((d) => hasErrors([d]))
      return { kind: 'refused', message: error?.message ?? '', line: error?.location?.start.line ?? 0 }
    }
    const { module } = openCompiled(program.module)
    const checked = calls.map(({ entry, args }) => ({ entry, args: argumentsOf(module, entry, args) }))
    return { kind: 'compiled', module: program.module, calls: checked }
  } catch (error) {
    return { kind: 'crashed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** The calls whose entry a module has and whose arguments fit it, one for each parameter, with these as engines take them. */
export function fittingCalls(
  module: Module,
  calls: readonly Call[],
): { readonly given: Call[]; readonly checked: Call[] } {
  const fitting = calls.flatMap((given) => {
    const checked = checkArguments(module, given.entry, given.args)
    return 'args' in checked && checked.args.length === given.args.length
      ? [{ given, checked: { entry: given.entry, args: checked.args } }]
      : []
  })
  return { given: fitting.map(({ given }) => given), checked: fitting.map(({ checked }) => checked) }
}

function argumentsOf(module: Module, entry: string, given: readonly Encoded[]): readonly Encoded[] {
  const checked = checkArguments(module, entry, given)
  if ('args' in checked) return checked.args
  throw new Error(`the generator gives wrong arguments: ${checked.diagnostics[0]!.message}`)
}

/** The engines that can be given the arguments: models tell records of a union apart by nothing. */
export function enginesFor(engines: readonly DiffEngine[], module: Module, entry: string): readonly DiffEngine[] {
  const { params } = module.entries.find(({ name }) => name === entry)!
  const isPlain = params.every(({ type }) => isTold(module, type, 4))
  return isPlain ? engines : engines.filter((engine) => engine.isModel !== true)
}

function isTold(module: Module, type: Type, depth: number): boolean {
  if (depth === 0) return true
  const on = (inner: Type): boolean => isTold(module, inner, depth - 1)
  const members = membersOf(type)
  if (members.filter((member) => member.kind === 'object').length > 1) return false
  return members.every((member) => {
    if (member.kind === 'object') return module.objects[member.id]!.fields.every((field) => on(field.type))
    if (member.kind === 'array') return on(member.elem)
    return member.kind !== 'tuple' || member.elems.every(on)
  })
}
