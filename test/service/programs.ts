// Programs for tests of the sandbox and the service, in the text form of the IR: each entry gets into one kind of trouble, or none.
import { buildDocument, encodeDocument, type Document } from '../../src/document/index.ts'
import { encodeModule, parseModule, type Module } from '../../src/ir/index.ts'

const TEXT = `anrf ir 1
file 0 "main.ts" [0]
error 0 Error { name!: string, message!: string }
record 1 Line { amount: f64, note?: union<string | undefined> }
global 0 COUNT: f64

fn "<init>"#0() -> undefined {
  do global.set[COUNT#0](0)
  return undefined
}

fn add#1(a#0: f64, b#1: f64) -> f64 {
  do log["log"](dyn.box[any]("adding"), dyn.box[any](a#0))
  return f64.add(a#0, b#1)
}

fn inverse#2(x#0: f64) -> f64 {
  return f64.div(1, x#0)
}

fn total#3(lines#0: array<object 1>, label#1: string, factor#2: union<f64 | undefined>) -> f64 {
  var sum#3: f64
  var i#4: f64
  loop $0 while f64.lt(i#4, array.length(lines#0)) {
    sum#3 = f64.add(sum#3, object.get[Line#1, amount#0](array.get(lines#0, i#4)))
  } update {
    i#4 = f64.add(i#4, 1)
  }
  return sum#3
}

fn count#4() -> f64 {
  do global.set[COUNT#0](f64.add(global.get[COUNT#0](), 1))
  return global.get[COUNT#0]()
}

fn spin#5() -> f64 {
  var i#0: f64
  do log["log"](dyn.box[any]("before"))
  loop $0 {
    i#0 = f64.add(i#0, 1)
  }
  return i#0
}

fn grow#6() -> f64 {
  var all#0: array<string>
  all#0 = array.new[string]()
  loop $0 {
    do array.push(all#0, string.concat("some text that is not so short ", f64.to_string(array.length(all#0))))
  }
  return 0
}

fn recurse#7(n#0: f64) -> f64 {
  return f64.add(1, call recurse#7(f64.add(n#0, 1)))
}

fn fail#8(message#0: string) -> f64 {
  do log["log"](dyn.box[any]("about to fail"))
  throw dyn.box[any](error.new[Error#0, "RangeError"](message#0))
}

fn trap#9() -> f64 {
  return array.get(array.new[f64](1, 2), 5)
}

fn chatter#10() -> f64 {
  loop $0 {
    do log["log"](dyn.box[any]("a line that says nothing at all, again and again"))
  }
  return 0
}

fn huge#11(n#0: f64) -> string {
  return string.repeat("0123456789", n#0)
}

fn echo#12(text#0: string) -> string {
  return text#0
}

fn holes#13(n#0: f64) -> f64 {
  return array.length(array.holes[f64](n#0))
}

fn fallible#14(n#0: f64) -> f64 {
  var caught#1: any
  try {
    return call recurse#7(n#0)
  } catch caught#1 {
    return -1
  }
}

init #0
entry add #1 (a: f64, b: f64) -> f64
entry inverse #2 (x: f64) -> f64
entry total #3 (lines: array<object 1>, label: string, factor?: union<f64 | undefined>) -> f64
entry count #4 () -> f64
entry spin #5 () -> f64
entry grow #6 () -> f64
entry recurse #7 (n: f64) -> f64
entry fail #8 (message: string) -> f64
entry trap #9 () -> f64
entry chatter #10 () -> f64
entry huge #11 (n: f64) -> string
entry echo #12 (text: string) -> string
entry holes #13 (n: f64) -> f64
entry fallible #14 (n: f64) -> f64
`

/** The entries are the functions of the text above; `init` sets COUNT to 0. */
function troubleModule(): Module {
  const parsed = parseModule(TEXT)
  if ('diagnostics' in parsed) throw new Error(JSON.stringify(parsed.diagnostics, undefined, 2))
  return parsed.module
}

export function troubleBytes(): Uint8Array {
  return encodeModule(troubleModule())
}

/** A document of the module; equal versions with different descriptions are different documents. */
export function troubleDocument(version = '1.0.0', description = 'Gets into trouble'): Document {
  return buildDocument({
    module: troubleModule(),
    name: 'trouble',
    version,
    program: { intent: { description, tags: [] }, declarations: [] },
  })
}

export function troubleDocumentBytes(version?: string, description?: string): Uint8Array {
  return encodeDocument(troubleDocument(version, description))
}

/** The same program under a version that asks for a capability more. */
export function wideDocumentBytes(version: string, name = 'trouble'): Uint8Array {
  return encodeDocument(
    buildDocument({
      module: troubleModule(),
      name,
      version,
      program: { intent: { description: 'Asks for more', tags: [] }, declarations: [] },
      capabilities: [{ name: 'http', scopes: ['api.example.com'], reason: 'to ask' }],
    }),
  )
}
