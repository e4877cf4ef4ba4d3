import ts from './typescript.cjs'

/**
 * Errors that TypeScript finds while it checks types, though JavaScript has them as early errors
 * (ECMA-262 16.2.1.6): such a file does not even parse in Node.
 */
const EARLY: ReadonlySet<number> = new Set([
  1014, // A rest parameter must be last
  1100, // `eval` or `arguments` as a name
  1101, // `with`
  1102, // `delete` of a name
  1103, // `for await` outside an async function
  1104, // `continue` outside a loop
  1105, // `break` outside a loop
  1107, // A jump across a function
  1108, // `return` outside a function
  1113, // Two default clauses
  1114, // A label twice
  1115, // `continue` to what is no loop
  1116, // `break` to a label that is not there
  1123, // An empty list of variables
  1155, // A constant without a value
  1163, // `yield` outside a generator
  1188, // Several variables in for-of
  1212, // A reserved word as a name
  1213,
  1214,
  1308, // `await` outside an async function
  1344, // A label before a function
  2357, // `++` on what is no variable
  2364, // Assignment to what is no variable
  2392, // Two constructors
  2393, // A function twice
  2451, // A variable twice
  2480, // `let` as a name
  2523, // `yield` in a parameter
  2524, // `await` in a parameter
  2528, // Two default exports
  2660, // `super` outside a class
  2779, // Assignment to an optional chain
  17013, // `new.target` outside a function
  18013, // A private name of another class
])

const DUPLICATE = 2300

/** Whether a diagnostic of the checker says that the file is no JavaScript, types aside. */
export function isEarlyError(d: ts.Diagnostic): boolean {
  if (EARLY.has(d.code)) return true
  return d.code === DUPLICATE && d.file !== undefined && namesValue(nodeAt(d.file, d.start ?? 0))
}

/** Types may be declared twice, and members of classes; variables, parameters and private names may not. */
function namesValue(name: ts.Node): boolean {
  const parent = name.parent
  if (ts.isPrivateIdentifier(name)) return true
  return (
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isClassDeclaration(parent)
  )
}

function nodeAt(file: ts.SourceFile, position: number): ts.Node {
  let at: ts.Node = file
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(at, (c) =>
      c.pos <= position && position < c.end ? c : undefined,
    )
    if (!inner) return at
    at = inner
  }
}
