import type { Instance } from './value.ts'

const notes = new WeakMap<object, Instance>()

/** The object that an array carries: its fields are properties of the array, see `array.note`. */
export function noteOf(list: object): Instance | undefined {
  return notes.get(list)
}

export function setNote(list: object, note: Instance): void {
  notes.set(list, note)
}
