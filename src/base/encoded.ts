/**
 * Values of programs as JSON. Numbers, strings, booleans, null, arrays and plain objects stand
 * for themselves; what JSON cannot hold is an object tagged by `$`:
 * `NaN`, `Infinity`, `-Infinity`, `-0`, `undefined`, `hole` (in arrays), `Map`, `Set`, `bigint`,
 * `Date`, `class` (`n` name, `v` fields), `Error` (`name`, `message`), `function`, `symbol`,
 * typed arrays by the names of their constructors (`v` the elements), `DataView` and `ArrayBuffer` (`v` the bytes),
 * `ref` (`v`: the k-th enclosing object, for cycles), `deep` (nesting over 200),
 * `obj` (a plain object that itself has a key `$`).
 */
export type Encoded = null | boolean | number | string | readonly Encoded[] | { readonly [key: string]: Encoded }
