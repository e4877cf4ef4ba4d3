import type { FieldType } from '../encoder/index.ts'

/** The struct that those of a family have for their parent, and how many fields it has. */
export type Parent = { readonly struct: number; readonly fieldCount: number }

/** The fields that lie at the same place in structs, from the first on. */
export function commonFields([first, ...others]: readonly (readonly FieldType[])[]): readonly FieldType[] {
  const differs = ({ type }: FieldType, at: number): boolean =>
    others.some((fields) => fields[at] === undefined || String(fields[at].type) !== String(type))
  const end = first!.findIndex(differs)
  return end < 0 ? first! : first!.slice(0, end)
}
