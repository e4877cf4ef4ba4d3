/** Every combination of one item of each list. */
export function product<T extends readonly (readonly string[])[]>(...lists: T): string[][] {
  return lists.reduce<string[][]>((all, list) => all.flatMap((row) => list.map((item) => [...row, item])), [[]])
}

/** `count` items spread over a list, in its order; all when there are no more. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list]
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!)
}

/** A text as the program writes it. */
export const quoted = (text: string): string => JSON.stringify(text).replaceAll('\u2028', '\\u2028')
