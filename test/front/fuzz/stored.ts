/** What an element of a kind is set to where its bytes are looked at: those of a NaN are what the engine likes (ECMA-262, NumericToRawBytes). */
export const stored = (kind: string, n: string): string => (kind.startsWith('Float') ? `((${n}) % 97 || 1)` : n)
