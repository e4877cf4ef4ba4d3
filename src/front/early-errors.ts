import ts from './typescript.cjs'

/**
 * Errors that TypeScript finds while it checks types, though JavaScript has them as early errors
 * (ECMA-262 16.2.1.6): such a file does not even parse in Node.
 */
const EARLY: ReadonlySet<number> = new Set([
  1013, // A comma behind a rest element
  1014, // A rest parameter must be last
  1042, // A modifier, as of an accessor
  1048, // A rest parameter with a default
  1049, // Parameters of setters
  1053,
  1054, // Parameters of getters
  1089, // A modifier of a constructor
  1100, // `eval` or `arguments` as a name
  1101, // `with`
  1102, // `delete` of a name
  1103, // `for await` outside an async function
  1104, // `continue` outside a loop
  1105, // `break` outside a loop
  1106, // `async` before `of`
  1107, // A jump across a function
  1108, // `return` outside a function
  1113, // Two default clauses
  1114, // A label twice
  1115, // `continue` to what is no loop
  1116, // `break` to a label that is not there
  1123, // An empty list of variables
  1142, // A line break behind `throw`
  1155, // A constant without a value
  1156, // `let` or `const` without a block
  1163, // `yield` outside a generator
  1182, // A pattern without a value
  1184, // A modifier, as `export`, where there is none
  1188, // Several variables in for-of
  1189, // The variable of a loop with a value
  1190,
  1212, // A reserved word as a name
  1213,
  1214,
  1215, // `eval` or `arguments` as a name
  1232, // `import` or `export` inside of something
  1233,
  1258,
  1262, // `await` as a name
  1308, // `await` outside an async function
  1312, // `{ a = 1 }` that is no pattern
  1341, // A constructor that is an accessor
  1344, // A label before a function
  1346, // `use strict` in a function with defaults
  1347,
  1358, // A template with a tag in an optional chain
  1359, // A reserved word as a name
  1368, // A constructor that is a generator
  1451, // A private name by itself
  2357, // `++` on what is no variable
  2364, // Assignment to what is no variable
  2392, // Two constructors
  2393, // A function twice
  2451, // A variable twice
  2462, // A rest element must be last
  2480, // `let` as a name
  2492, // A variable with the name of what is caught
  2501, // A pattern as the rest of an object
  2523, // `yield` in a parameter
  2524, // `await` in a parameter
  2528, // Two default exports
  2660, // `super` outside a class
  2699, // A static member named `prototype`
  2777, // `++` of an optional chain
  2778, // The rest of a pattern into an optional chain
  2779, // Assignment to an optional chain
  2780, // An optional chain as the variable of a loop
  2781,
  2804, // A private name both static and not
  5076, // `??` beside `||` or `&&`
  17013, // `new.target` outside a function
  18006, // A field named `constructor`
  18011, // `delete` of a private member
  18012, // `#constructor`
  18013, // A private name of another class
  18037, // `await` in a static block
  18041, // `return` in a static block
])

/** Errors that are early by what they are about. */
const EARLY_WHERE: Readonly<Record<number, (node: ts.Node) => boolean>> = {
  2300: namesValue, // A name twice
  2304: (node) => ts.isExportSpecifier(node.parent), // An unknown name
  2337: (node) => !isOfConstructor(node), // `super()`
  2356: ts.isMetaProperty, // `new.target++`
  2335: (node) => ts.isCallExpression(node.parent), // `super` in a class that extends none
}

/** Whether a diagnostic of the checker says that the file is no JavaScript, types aside. */
export function isEarlyError(d: ts.Diagnostic): boolean {
  const isEarly = EARLY_WHERE[d.code]
  if ((!isEarly && !EARLY.has(d.code)) || !d.file) return false
  const node = nodeAt(d.file, d.start ?? 0)
  return isEarly?.(node) ?? true
}

/** Types may be declared twice, and members of classes; variables, parameters, exports and private names may not. */
function namesValue(name: ts.Node): boolean {
  const parent = name.parent
  if (ts.isPrivateIdentifier(name)) return true
  return (
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isClassDeclaration(parent) ||
    ts.isExportSpecifier(parent)
  )
}

/** Whether `super()` is for a constructor, also from an arrow function in it. */
function isOfConstructor(node: ts.Node): boolean {
  let n = node
  while (ts.isArrowFunction(n) || (!ts.isFunctionLike(n) && !ts.isPropertyDeclaration(n) && !ts.isSourceFile(n)))
    n = n.parent
  return ts.isConstructorDeclaration(n)
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
