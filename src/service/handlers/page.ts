/** How lists are asked for in parts; validated by `PageQuery` of the schemas. */
export type PageQuery = { readonly after?: string; readonly limit?: string }

const LIMIT_DEFAULT = 100

/** One part of a list in the order of its ids, and where the next one begins. */
export async function readPage<T extends { readonly id: string }>(
  { after, limit: text }: PageQuery,
  list: (range: { readonly after?: string; readonly limit: number }) => Promise<readonly T[]>,
): Promise<{ readonly items: readonly T[]; readonly next: { readonly next?: string } }> {
  const limit = Number(text ?? LIMIT_DEFAULT)
  const items = await list({ limit, ...(after === undefined ? {} : { after }) })
  const last = items.at(-1)
  return { items, next: last && items.length === limit ? { next: last.id } : {} }
}
