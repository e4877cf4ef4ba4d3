import type { ObjectDef } from '../ir/index.ts'

/** Objects of the library whose fields are all hidden, and which are named as their class. */
const NAMED: ReadonlySet<string> = new Set(['Promise', 'TextEncoder', 'TextDecoder'])

/**
 * What Object.prototype.toString shows of an object (ECMA-262 20.1.3.6): of those of the library the tag, which is their name
 * (`Promise`, `Map Iterator`) or in it (`Object [Generator]`). No class of a program has such a name and shows nothing but hidden fields.
 */
export function tagOf({ role, name, fields }: ObjectDef): string {
  if (role !== 'class' || !fields.every(({ hidden }) => hidden)) return 'Object'
  if (NAMED.has(name) || /^\w+ Iterator$/.test(name)) return name
  return /^Object \[(.*)\]$/.exec(name)?.[1] ?? 'Object'
}
