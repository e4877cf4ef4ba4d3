// Goal: a graph document computes what its operations say, through the same engine as every other program.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Encoded, Outcome } from '../../src/base/index.ts'
import { loadProgram, run } from '../../src/engine/index.ts'
import { graphDocument, type GraphParts } from './graph-builder.ts'
import { editSum, open, readFixture } from './open-helpers.ts'

/** Runs an entry of a document the way a worker does: from the bytes of the program. */
function runEntry(bytes: Uint8Array, entry: string, args: readonly Encoded[], fuel?: number): Outcome {
  const loaded = loadProgram(open(bytes).program)
  if ('diagnostics' in loaded) assert.fail(JSON.stringify(loaded.diagnostics))
  const limits = fuel === undefined ? {} : { fuel }
  return run(loaded.program, { entry, args, limits, host: { log: () => undefined } }).outcome
}

function result(bytes: Uint8Array, entry: string, ...args: readonly Encoded[]): Encoded {
  const outcome = runEntry(bytes, entry, args)
  if (outcome.kind !== 'returned') assert.fail(JSON.stringify(outcome))
  return outcome.value
}

test('the published sum example gives 6 for [1,2,3] and 0 for []', () => {
  const bytes = readFixture('published-sum.json')
  assert.equal(result(bytes, 'sum', [1, 2, 3]), 6)
  assert.equal(result(bytes, 'sum', []), 0)
  assert.equal(result(bytes, 'sum', [0.1, 0.2, 0.3]), 0.1 + 0.2 + 0.3)
})

test('the sum example counts its rounds as fuel, and stops where it has none left', () => {
  const outcome = runEntry(readFixture('published-sum.json'), 'sum', [Array.from({ length: 1000 }, () => 1)], 500)
  assert.equal(outcome.kind, 'limited')
})

const a = { a: ['parameter'], b: ['parameter'] } as const

/** The function f(a, b) that returns the expression `x`. */
function expression(nodes: GraphParts['nodes'], operand: string, outcome: string): Uint8Array {
  const types = { f: outcome, a: operand, b: operand }
  return graphDocument({
    nodes: { f: ['function_def', 'a b'], ...a, ...nodes, r: ['return', 'x'] },
    lines: ['f a b r'],
    types,
  })
}

test('arithmetic is that of JavaScript', () => {
  const cases: Readonly<Record<string, (x: number, y: number) => number>> = {
    add: (x, y) => x + y,
    subtract: (x, y) => x - y,
    multiply: (x, y) => x * y,
    divide: (x, y) => x / y,
    modulo: (x, y) => x % y,
    power: (x, y) => x ** y,
  }
  for (const [operation, meaning] of Object.entries(cases)) {
    const bytes = expression({ x: [operation, 'a b'] }, 'number', 'number')
    for (const [x, y] of [
      [7, 3],
      [-7, 3],
      [2, 0.5],
    ] as const)
      assert.equal(result(bytes, 'f', x, y), meaning(x, y), operation)
  }
  assert.deepEqual(result(expression({ x: ['negate', 'a'] }, 'number', 'number'), 'f', 0, 0), { $: '-0' })
})

test('comparison is by number and by code unit', () => {
  const cases: Readonly<Record<string, readonly [boolean, boolean, boolean]>> = {
    equal: [false, true, false],
    not_equal: [true, false, true],
    less: [true, false, false],
    less_equal: [true, true, false],
    greater: [false, false, true],
    greater_equal: [false, true, true],
  }
  for (const [operation, [below, same, above]] of Object.entries(cases)) {
    const numbers = expression({ x: [operation, 'a b'] }, 'number', 'boolean')
    assert.deepEqual(
      [result(numbers, 'f', 1, 2), result(numbers, 'f', 2, 2), result(numbers, 'f', 10, 2)],
      [below, same, above],
      operation,
    )
    const strings = expression({ x: [operation, 'a b'] }, 'string', 'boolean')
    assert.deepEqual(
      [result(strings, 'f', '1', '2'), result(strings, 'f', 'b', 'b'), result(strings, 'f', '2', '10')],
      [below, same, above],
      operation,
    )
  }
})

test('logic looks at its second operand only when it matters', () => {
  const truth = (operation: string): Encoded[] => {
    const bytes = expression({ x: [operation, 'a b'] }, 'boolean', 'boolean')
    return [false, true].flatMap((x) => [false, true].map((y) => result(bytes, 'f', x, y)))
  }
  assert.deepEqual(truth('and'), [false, false, false, true])
  assert.deepEqual(truth('or'), [false, true, true, true])
  // The second operand of `and` would trap on an empty list.
  const nodes: GraphParts['nodes'] = {
    f: ['function_def', 'list'],
    list: ['parameter'],
    zero: ['constant', '', '', { value: '0' }],
    n: ['length', 'list'],
    some: ['greater', 'n zero'],
    first: ['array_get', 'list zero'],
    positive: ['greater', 'first zero'],
    both: ['and', 'some positive'],
    r: ['return', 'both'],
  }
  const guarded = graphDocument({ nodes, lines: ['f list r'], types: { f: 'boolean', list: 'number[]' } })
  assert.deepEqual(
    [[], [3], [-3]].map((list) => result(guarded, 'f', list)),
    [false, true, false],
  )
})

test('strings join and have a length', () => {
  assert.equal(result(expression({ x: ['add', 'a b'] }, 'string', 'string'), 'f', 'ab', 'cd'), 'abcd')
  assert.equal(result(expression({ x: ['length', 'a'] }, 'string', 'number'), 'f', 'a😀', ''), 3)
})

test('a missing element is a trap that names its node as a line', () => {
  const types = { f: 'number', a: 'number[]', b: 'number' }
  const nodes: GraphParts['nodes'] = { f: ['function_def', 'a b'], ...a, x: ['array_get', 'a b'], r: ['return', 'x'] }
  const bytes = graphDocument({ nodes, lines: ['f a b x r'], types })
  assert.equal(result(bytes, 'f', [5, 6], 1), 6)
  const outcome = runEntry(bytes, 'f', [[5, 6], 2])
  assert.ok(outcome.kind === 'trapped')
  assert.equal(outcome.trap, 'index-out-of-bounds')
  assert.equal(outcome.stack[0]?.location?.path, 'execution.graph')
  assert.equal(outcome.stack[0]?.location?.start.line, 4)
})

test('branches, loops, variables and calls: the Collatz steps of the largest of a list', () => {
  const nodes: GraphParts['nodes'] = {
    largest: ['function_def', 'list'],
    list: ['parameter'],
    zero: ['constant', '', '', { value: '0' }],
    one: ['constant', '', '', { value: '1' }],
    two: ['constant', '', '', { value: '2' }],
    three: ['constant', '', '', { value: '3' }],
    best: ['variable_def', '', '', { initial_value: '0' }],
    each: ['for_each', 'list best', '', { iterator: 'n' }],
    more: ['greater', 'each best'],
    if1: ['if', 'more'],
    keep: ['assign', 'each', 'best'],
    end1: ['end_if'],
    end2: ['end_loop'],
    give: ['return', 'best'],
    steps: ['function_def', 'all'],
    all: ['parameter'],
    n: ['call', 'all', '', { function: 'largest' }],
    rest: ['variable_def', 'n'],
    count: ['variable_def', '', '', { initial_value: '0' }],
    open: ['greater', 'rest one'],
    loop: ['while', 'open'],
    half: ['modulo', 'rest two'],
    even: ['equal', 'half zero'],
    if2: ['if', 'even'],
    down: ['divide', 'rest two', 'rest'],
    else2: ['else'],
    triple: ['multiply', 'rest three'],
    up: ['add', 'triple one', 'rest'],
    end3: ['end_if'],
    tick: ['add', 'count one', 'count'],
    end4: ['end_loop'],
    done: ['return', 'count'],
  }
  const lines = [
    'largest list best each if1 keep end1 end2 give',
    'steps all n rest count loop if2 down else2 up end3 tick end4 done',
  ]
  const types = {
    largest: 'number',
    list: 'number[]',
    best: 'number',
    steps: 'number',
    all: 'number[]',
    rest: 'number',
    count: 'number',
  }
  const bytes = graphDocument({ nodes, lines, types })
  assert.equal(result(bytes, 'largest', [3, 27, 5]), 27)
  assert.equal(result(bytes, 'steps', [3, 27, 5]), 111)
  assert.equal(result(bytes, 'steps', []), 0)
})

test('arrays are made, read and written; nested arrays share their elements', () => {
  const nodes: GraphParts['nodes'] = {
    f: ['function_def', 'list'],
    list: ['parameter'],
    zero: ['constant', '', '', { value: '0' }],
    grid: ['variable_def', '', '', { initial_value: '[[1,2],[3]]' }],
    row: ['array_get', 'grid zero'],
    n: ['length', 'list'],
    put: ['array_set', 'row zero n'],
    again: ['array_get', 'grid zero'],
    value: ['array_get', 'again zero'],
    r: ['return', 'value'],
  }
  const bytes = graphDocument({
    nodes,
    lines: ['f list grid row put r'],
    types: { f: 'number', list: 'number[]', grid: 'number[][]' },
  })
  assert.equal(result(bytes, 'f', [9, 9, 9]), 3)
})

test('a function without a result gives undefined, and recursion ends at the limit of depth', () => {
  const nodes: GraphParts['nodes'] = {
    f: ['function_def'],
    again: ['call', '', '', { function: 'f' }],
    g: ['function_def'],
  }
  const bytes = graphDocument({ nodes, lines: ['f again'], types: {} })
  assert.deepEqual(result(bytes, 'g'), { $: 'undefined' })
  const outcome = runEntry(bytes, 'f', [])
  assert.ok(outcome.kind === 'limited')
  assert.equal(outcome.limit, 'depth')
})

test('a list that grows while it is walked is walked to its new end, as for...of does', () => {
  const bytes = editSum((document) => {
    const add = document.execution.nodes.find((node) => node.operation === 'add')
    assert.ok(add)
    // result = result + element, then list[4] = 100 in every round.
    for (const edge of document.execution.edges) if (edge.sourceId === add.nodeId) edge.sourceId = 'put'
    const node = (nodeId: string, operation: string, inputs: string[], properties: Record<string, string>): void => {
      document.execution.nodes.push({ ...add, nodeId, operation, inputs, outputs: [], properties })
    }
    node('put', 'array_set', ['exec_node_2', 'four', 'hundred'], {})
    node('four', 'constant', [], { value: '4' })
    node('hundred', 'constant', [], { value: '100' })
    document.execution.edges.push({
      $typeName: 'anrf.v1.ExecEdge',
      edgeId: 'put',
      sourceId: add.nodeId,
      targetId: 'put',
      edgeType: 'control_flow',
      properties: {},
    })
  })
  assert.equal(result(bytes, 'sum', [1, 2, 3, 4]), 110)
  assert.equal(result(bytes, 'sum', []), 0)
})
