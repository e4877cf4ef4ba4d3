/** What to write instead of well-known names that programs cannot use; each a full sentence. */
const INSTEAD: readonly (readonly [names: string, hint: string])[] = [
  ['Map Set WeakMap WeakSet', 'Keep the values in an array, or in a record whose fields are known.'],
  ['Temporal', 'Take the time as a number: `Date.now()`.'],
  ['process require module exports Buffer __dirname __filename', 'Take what the program needs as inputs of the entry.'],
  ['fetch XMLHttpRequest WebSocket', 'Take the data as an input of the entry.'],
  ['window document localStorage navigator alert prompt', 'Programs have no page: take inputs and return results.'],
  [
    'setTimeout setInterval setImmediate queueMicrotask',
    'Call the function directly: nothing here waits for anything.',
  ],
  ['Promise', 'Write ordinary functions: nothing here waits for anything.'],
  ['Symbol Proxy Reflect WeakRef', 'Use plain records, classes and functions.'],
  ['eval Function', 'Write the code as functions of the program.'],
  ['globalThis', 'Name the function or variable itself.'],
  ['structuredClone', 'Copy with spread: `{ ...value }` or `[...list]`.'],
  ['Intl', 'Format the text in the program.'],
  ['Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array', 'Use an array of numbers.'],
  ['Uint32Array Float32Array Float64Array BigInt64Array ArrayBuffer DataView', 'Use an array of numbers.'],
]

const HINTS: ReadonlyMap<string, string> = new Map(
  INSTEAD.flatMap(([names, hint]) => names.split(' ').map((name) => [name, hint] as const)),
)

/** Names that Node gives to a module though no global object has them. */
const MODULE_NAMES = ['require', 'module', 'exports', '__dirname', '__filename', 'arguments', 'eval']

/** Whether Node declares a name. Any other that the program does not declare is a ReferenceError where it is used. */
export function isHostName(name: string): boolean {
  return name in globalThis || MODULE_NAMES.includes(name) || HINTS.has(name)
}

/** What to write instead of a name that only other runtimes have. */
export function hintFor(name: string): string | undefined {
  return HINTS.get(name)
}
