import { diagnostic, type Diagnostic, type Encoded } from '../base/index.ts'
import { admits, UNDEFINED, type Entry, type Module } from '../ir/index.ts'
import { describeType } from './describe-type.ts'
import { ValueChecker } from './check-value.ts'

/** Arguments in the order of the entry's parameters, or everything that is wrong with them. */
export type CheckedInputs = { readonly args: Encoded[] } | { readonly diagnostics: Diagnostic[] }

/**
 * Checks the inputs of an entry: an object keyed by parameter name, as it came from JSON.
 * Diagnostics ANRF4001 (does not fit), ANRF4002 (missing), ANRF4003 (unknown) and ANRF1105 (no
 * such entry) point into it. Values that JSON cannot hold come tagged, see `Encoded`.
 */
export function checkInputs(module: Module, entryName: string, inputs: unknown): CheckedInputs {
  const entry = findEntry(module, entryName)
  if ('code' in entry) return { diagnostics: [entry] }
  const checker = new ValueChecker(module)
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
    checker.misfit([], 'an object keyed by parameter name', inputs)
    return { diagnostics: checker.diagnostics.map((d) => ({ ...d, hint: signatureHint(module, entry) })) }
  }
  const given = inputs as { readonly [name: string]: unknown }
  for (const key of Object.keys(given)) {
    if (!entry.params.some(({ name }) => name === key)) checker.unknown([key], key, `the entry ${entry.name}`)
  }
  const args = entry.params.map(({ name }, i) =>
    checkParameter(checker, entry, i, Object.hasOwn(given, name), given[name], name),
  )
  return concluded(checker, args, module, entry)
}

/**
 * Checks arguments by position, as a call in JavaScript would give them: missing ones are
 * undefined where the parameter admits that, surplus ones are ignored.
 */
export function checkArguments(module: Module, entryName: string, given: readonly unknown[]): CheckedInputs {
  const entry = findEntry(module, entryName)
  if ('code' in entry) return { diagnostics: [entry] }
  const checker = new ValueChecker(module)
  const args = entry.params.map((_, i) => checkParameter(checker, entry, i, i < given.length, given[i], String(i)))
  return concluded(checker, args, module, entry)
}

function checkParameter(
  checker: ValueChecker,
  entry: Entry,
  index: number,
  present: boolean,
  value: unknown,
  key: string,
): Encoded {
  const { name, type, optional } = entry.params[index]
  if (present && !(value === undefined && optional)) return checker.check(value, type, [key])
  if (!optional && !admits(type, UNDEFINED)) checker.missing([], name, type, `the entry ${entry.name}`)
  return { $: 'undefined' }
}

function concluded(checker: ValueChecker, args: Encoded[], module: Module, entry: Entry): CheckedInputs {
  if (checker.diagnostics.length === 0) return { args }
  const hint = signatureHint(module, entry)
  return { diagnostics: checker.diagnostics.map((d) => ({ ...d, hint })) }
}

function signatureHint(module: Module, entry: Entry): string {
  const params = entry.params.map(
    ({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${describeType(module, type)}`,
  )
  return `The entry is ${entry.name}(${params.join(', ')}).`
}

function findEntry(module: Module, name: string): Entry | Diagnostic {
  const entry = module.entries.find((e) => e.name === name)
  if (entry) return entry
  const names = module.entries.map((e) => e.name).join(', ')
  return diagnostic('ANRF1105', {
    message: `there is no entry ${name}`,
    hint: names ? `Entries are: ${names}.` : 'The program has no entry.',
  })
}
