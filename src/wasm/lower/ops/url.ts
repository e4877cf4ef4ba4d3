import { onStack, type Lower } from './combine.ts'

const hosted: Lower = onStack((_c, f, e) => f.call(f.m.imports.operation(e.op)))

/** The host has the parser, and the tables of Unicode for names of hosts. */
export const URL_OPS = {
  'url.parse': hosted,
  'url.change': hosted,
}
