import type { OpName } from '../../../src/ir/index.ts'
import type { Quirks } from '../../ir/reference.ts'
import { CONTROL_BUGS, EXCEPTION_BUGS } from './control.ts'
import { changeModule, type SeededBug } from './mutation.ts'
import { NUMBER_BUGS } from './numbers.ts'
import { CLOSURE_BUGS, OBJECT_BUGS } from './objects.ts'
import { ARRAY_BUGS, STRING_BUGS } from './texts-and-lists.ts'

/** Another amount for one event and resource. */
const charged = (
  event: OpName | 'loop' | 'call',
  resource: 'fuel' | 'bytes',
  as: (amount: number) => number,
): Quirks => ({
  charge: (e, r, amount) => (e === event && r === resource ? as(amount) : amount),
})

const nothing = (): number => 0

const CHARGE_BUGS: readonly SeededBug[] = [
  { name: 'going round a loop is free', area: 'charges', quirks: charged('loop', 'fuel', nothing) },
  { name: 'going round a loop costs 2', area: 'charges', quirks: charged('loop', 'fuel', () => 2) },
  { name: 'calls are free', area: 'charges', quirks: charged('call', 'fuel', nothing) },
  { name: 'string.concat costs no fuel', area: 'charges', quirks: charged('string.concat', 'fuel', nothing) },
  {
    name: 'string.concat allocates one unit more',
    area: 'charges',
    quirks: charged('string.concat', 'bytes', (n) => n + 2),
  },
  { name: 'array.push allocates nothing', area: 'charges', quirks: charged('array.push', 'bytes', nothing) },
  { name: 'dyn.box allocates nothing', area: 'charges', quirks: charged('dyn.box', 'bytes', nothing) },
  {
    name: 'array.slice allocates 8 bytes too few',
    area: 'charges',
    quirks: charged('array.slice', 'bytes', (n) => n - 8),
  },
  {
    name: 'array.set allocates nothing when it grows',
    area: 'charges',
    quirks: charged('array.set', 'bytes', nothing),
  },
  { name: 'log costs no fuel', area: 'charges', quirks: charged('log', 'fuel', nothing) },
  { name: 'object.keys costs no fuel', area: 'charges', quirks: charged('object.keys', 'fuel', nothing) },
  { name: 'json.stringify costs no fuel', area: 'charges', quirks: charged('json.stringify', 'fuel', nothing) },
  { name: 'closures allocate nothing', area: 'charges', quirks: charged('closure.new', 'bytes', nothing) },
]

const STACK_BUGS: readonly SeededBug[] = [
  {
    name: 'calls have the place of their function',
    area: 'stacks',
    mutate: (module) =>
      changeModule(module, (e) => (e.kind === 'call' ? { ...e, span: module.funcs[e.func]!.span } : e)),
  },
  {
    name: 'a throw has the place of its value',
    area: 'stacks',
    mutate: (module) => changeModule(module, undefined, (s) => [s.kind === 'throw' ? { ...s, span: s.value.span } : s]),
  },
  {
    name: 'operations that fail have no place',
    area: 'stacks',
    mutate: (module) =>
      changeModule(module, (e) => (e.kind === 'op' ? { ...e, span: { file: -1, start: 0, end: 0 } } : e)),
  },
]

export const SEEDED_BUGS: readonly SeededBug[] = [
  ...NUMBER_BUGS,
  ...STRING_BUGS,
  ...ARRAY_BUGS,
  ...OBJECT_BUGS,
  ...CLOSURE_BUGS,
  ...CONTROL_BUGS,
  ...EXCEPTION_BUGS,
  ...CHARGE_BUGS,
  ...STACK_BUGS,
]
