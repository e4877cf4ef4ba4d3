// Goal: the published graph format has one meaning, and what is outside the documented set is refused by node.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { GRAPH_OPS } from '../../src/document/index.ts'
import { graphDocument, type GraphParts } from './graph-builder.ts'
import { brief, editSum, open, refuse } from './open-helpers.ts'

/** A function f(a, b) of numbers over the nodes given, in the order of `line`. */
function ofNumbers(nodes: GraphParts['nodes'], line: string, types: GraphParts['types'] = {}): Uint8Array {
  return graphDocument({
    nodes: { f: ['function_def', 'a b'], a: ['parameter'], b: ['parameter'], ...nodes },
    lines: [`f a b ${line}`],
    types: { f: 'number', a: 'number', b: 'number', ...types },
  })
}

function refusal(bytes: Uint8Array): string {
  const [first, ...more] = refuse(bytes)
  assert.deepEqual(more, [])
  assert.equal(first?.code, 'ANRF3007')
  return first.message
}

test('every operation that gives a value is documented', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/DOCUMENT.md'), 'utf8')
  for (const name of GRAPH_OPS.keys()) assert.ok(text.includes(`\`${name}\``), name)
})

test('a refused node is named, with its place in the document', () => {
  const bytes = editSum((d) => {
    for (const node of d.execution.nodes) if (node.operation === 'add') node.operation = 'integrate'
  })
  const [first] = refuse(bytes)
  assert.deepEqual(brief(refuse(bytes)), ['ANRF3007 /execution/nodes/4'])
  assert.match(first?.message ?? '', /^node "exec_node_5" \(integrate\): the operation is not in the documented set/)
})

test('operands of other types, too few and too many are refused', () => {
  assert.match(refusal(ofNumbers({ x: ['not', 'a'], r: ['return', 'x'] }, 'x r')), /do not fit/)
  assert.match(refusal(ofNumbers({ x: ['add', 'a'], r: ['return', 'x'] }, 'x r')), /has 1 inputs/)
  assert.match(refusal(ofNumbers({ x: ['length', 'a'], r: ['return', 'x'] }, 'x r')), /do not fit/)
  assert.match(refusal(ofNumbers({ x: ['less', 'a b'], r: ['return', 'x'] }, 'x r')), /gives a f64, not a bool/)
  assert.match(refusal(ofNumbers({ x: ['if', 'a'], y: ['end_if'], r: ['return', 'a'] }, 'x y r')), /no boolean/)
  assert.match(refusal(ofNumbers({ x: ['for_each', 'a'], y: ['end_loop'], r: ['return', 'a'] }, 'x y r')), /no array/)
  assert.match(refusal(ofNumbers({ x: ['assign', 'a'], r: ['return', 'a'] }, 'x r')), /none of its outputs/)
  assert.match(refusal(ofNumbers({ x: ['assign', '', 'a'], r: ['return', 'a'] }, 'x r')), /input 1 is missing/)
})

test('a type is none that every object has by its name', () => {
  for (const name of ['constructor', '__proto__', 'tostring'])
    assert.match(
      refusal(editSum((d) => void d.semantic.types.forEach((type: { name: string }) => (type.name = name)))),
      /is not a number, string, boolean or an array/,
    )
})

test('blocks that do not match are refused', () => {
  const c = { c: ['less', 'a b'], r: ['return', 'a'] } as const
  assert.match(refusal(ofNumbers({ ...c, x: ['if', 'c'] }, 'c x r')), /the block is not closed/)
  assert.match(refusal(ofNumbers({ ...c, x: ['end_if'] }, 'c x r')), /no open if or else/)
  assert.match(refusal(ofNumbers({ ...c, x: ['if', 'c'], y: ['end_loop'] }, 'c x y r')), /no open for_each or while/)
  assert.match(refusal(ofNumbers({ ...c, x: ['if', 'c'], y: ['else'], z: ['else'] }, 'c x y z r')), /no open if/)
})

test('a value outside its block, before its node, or in a circle is refused', () => {
  const inner = { c: ['less', 'a b'], x: ['if', 'c'], n: ['negate', 'a'], e: ['end_if'], r: ['return', 'n'] } as const
  assert.match(refusal(ofNumbers(inner, 'c x n e r')), /n has no value here/)
  assert.match(refusal(ofNumbers({ r: ['return', 'n'], n: ['negate', 'a'] }, 'r n')), /n has no value here/)
  assert.match(refusal(ofNumbers({ n: ['negate', 'm'], m: ['negate', 'n'], r: ['return', 'n'] }, 'r')), /circle/)
  const later = {
    v: ['variable_def', '', '', { initial_value: '1' }],
    x: ['assign', 'a', 'v'],
    r: ['return', 'a'],
  } as const
  assert.match(refusal(ofNumbers(later, 'x v r', { v: 'number' })), /variable v is not defined here/)
})

test('a while whose condition is computed once is refused, since it would never end', () => {
  const nodes = { c: ['less', 'a b'], w: ['while', 'c'], e: ['end_loop'], r: ['return', 'a'] } as const
  assert.match(refusal(ofNumbers(nodes, 'c w e r')), /computed once/)
  open(ofNumbers(nodes, 'w e r'))
})

test('expressions that share each other without bound are refused', () => {
  const nodes: Record<string, readonly [string, string]> = { n0: ['add', 'a b'], r: ['return', 'n60'] }
  for (let i = 1; i <= 60; i++) nodes[`n${i}`] = ['add', `n${i - 1} n${i - 1}`]
  assert.match(refusal(ofNumbers(nodes, 'r')), /used too often/)
})

test('deep nesting is refused', () => {
  const nodes: Record<string, readonly [string, string?]> = { r: ['return', 'a'] }
  const line: string[] = []
  for (let i = 0; i < 150; i++) {
    nodes[`c${i}`] = ['less', 'a b']
    nodes[`i${i}`] = ['if', `c${i}`]
    nodes[`e${i}`] = ['end_if']
    line.push(`i${i}`)
  }
  for (let i = 149; i >= 0; i--) line.push(`e${i}`)
  assert.match(refusal(ofNumbers(nodes, `${line.join(' ')} r`)), /nested more than/)
})

test('edges that branch, join or are of another type are refused', () => {
  const nodes = { x: ['negate', 'a'], r: ['return', 'a'] } as const
  const branch = editSum((d) =>
    d.execution.edges.push({ ...d.execution.edges[0]!, edgeId: 'more', targetId: 'exec_node_5' }),
  )
  assert.match(refusal(branch), /more than one edge leaves/)
  assert.match(refusal(ofNumbers(nodes, 'x r x')), /reach it twice/)
  const other = editSum((d) => {
    for (const edge of d.execution.edges) if (edge.edgeType === 'loop_body') edge.edgeType = 'exception'
  })
  assert.match(refusal(other), /an edge of type "exception"/)
})

test('functions need names, types and a return on every path', () => {
  const nodes = { c: ['less', 'a b'], x: ['if', 'c'], r: ['return', 'a'], e: ['end_if'] } as const
  assert.match(refusal(ofNumbers(nodes, 'c x r e')), /can end without a return/)
  open(ofNumbers({ ...nodes, o: ['else'], s: ['return', 'b'] }, 'c x r o s e'))
  const twice = { f: ['function_def'], g: ['function_def', '', '', { name: 'f' }] } as const
  assert.match(refusal(graphDocument({ nodes: twice, lines: [], types: {} })), /two functions "f"/)
  const unnamed = { f: ['function_def', '', '', { name: '' }] } as const
  assert.match(refusal(graphDocument({ nodes: unnamed, lines: [], types: {} })), /it has no name/)
  const untyped = { f: ['function_def', 'a'], a: ['parameter'] } as const
  assert.match(refusal(graphDocument({ nodes: untyped, lines: ['f a'], types: {} })), /no semantic node gives its type/)
})

test('calls are checked against the function they name', () => {
  const call = (inputs: string, name: string): Uint8Array =>
    ofNumbers({ x: ['call', inputs, '', { function: name }], r: ['return', 'x'] }, 'x r')
  assert.match(refusal(call('a b', 'g')), /no function "g"/)
  assert.match(refusal(call('a', 'f')), /its inputs are not \(f64, f64\)/)
  open(call('a b', 'f'))
})

test('constants are JSON of their type', () => {
  const of = (value: string, type: string): Uint8Array =>
    ofNumbers({ v: ['variable_def', '', '', { initial_value: value }], r: ['return', 'a'] }, 'v r', { v: type })
  for (const [value, type] of [
    ['0', 'string'],
    ['abc', 'string'],
    ['[1,"a"]', 'number[]'],
    ['1', 'number[]'],
    ['', 'number'],
    ['null', 'number'],
    ['[1]', 'number[][]'],
  ] as const)
    assert.match(refusal(of(value, type)), /initial_value is not JSON of a/, value)
  for (const [value, type] of [
    ['-0', 'number'],
    ['"a"', 'string'],
    ['[[1],[]]', 'number[][]'],
    ['false', 'boolean'],
  ] as const)
    open(of(value, type))
})

test('code in a graph document is refused', () => {
  assert.deepEqual(brief(refuse(editSum((d) => (d.execution.code = Buffer.from('x'))))), ['ANRF3001 /execution/code'])
})
