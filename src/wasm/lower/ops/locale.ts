import { onStack, type Lower } from './combine.ts'

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

/** The host has the tables of ICU. */
export const LOCALE_OPS = {
  'locale.date': hosted,
  'locale.number': hosted,
  'locale.number_format': hosted,
  'locale.compare': hosted,
  'locale.lower': hosted,
  'locale.upper': hosted,
}
