import type { Instance } from './value.ts'

const notes = new WeakMap<object, Instance>()

/** The object that an array or a function carries: its fields are properties of it, see `ref.note`. */
export function noteOf(list: object): Instance | undefined {
  return notes.get(list)
}

export function setNote(list: object, note: Instance): void {
  notes.set(list, note)
}
