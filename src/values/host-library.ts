import type { ObjectDef } from '../ir/index.ts'
import { readField, type Instance } from './value.ts'

/** A hidden field of an object. */
type Read = (name: string) => unknown

/** Objects of the library that the host has as well: a field that those of the front end have, and what the host makes of the fields. */
const MADE: { readonly [name: string]: { readonly field: string | null; readonly make: (read: Read) => object } } = {
  DateTimeFormat: { field: '#locales', make: () => new Intl.DateTimeFormat() },
  NumberFormat: { field: '#locales', make: () => new Intl.NumberFormat() },
  TextDecoder: { field: '#fatal', make: makeDecoder },
  TextEncoder: { field: null, make: () => new TextEncoder() },
  URLSearchParams: { field: '#names', make: makeParams },
  WeakMap: { field: '#entries', make: () => new WeakMap() },
  WeakSet: { field: '#members', make: () => new WeakSet() },
}

/** What the host has for an object of the library; undefined for others. */
export function hostLibrary(object: Instance): object | undefined {
  const { def } = object.layout
  const row = def.role === 'class' && Object.hasOwn(MADE, def.name) ? MADE[def.name] : undefined
  if (!row || !isMarked(def, row.field)) return undefined
  return row.make((name) =>
    readField(
      object,
      def.fields.findIndex((one) => one.name === name),
    ),
  )
}

const isMarked = ({ fields }: ObjectDef, name: string | null): boolean =>
  name === null ? fields.length === 0 : fields.some((field) => field.name === name && field.hidden)

function makeDecoder(read: Read): TextDecoder {
  return new TextDecoder('utf-8', { fatal: read('#fatal') === true, ignoreBOM: read('#ignoreBOM') === true })
}

function makeParams(read: Read): URLSearchParams {
  const [names, values] = [read('#names'), read('#values')] as [string[], string[]]
  return new URLSearchParams(names.map((name, i) => [name, values[i] ?? '']))
}
