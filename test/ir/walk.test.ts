import assert from 'node:assert/strict'
import { test } from 'node:test'
import { childrenOf, eachExpr, eachNode, eachStmt, isExpr, mapExprs, type Node } from '../../src/ir/index.ts'
import { generateModule } from './generate.ts'

const bodies = Array.from({ length: 20 }, (_, seed) => generateModule(seed)).flatMap((m) => m.funcs.map((f) => f.body))

test('every node is visited once, before what is inside it', () => {
  const recurse = (nodes: readonly Node[]): Node[] => nodes.flatMap((node) => [node, ...recurse(childrenOf(node))])
  for (const body of bodies) {
    const all = [...eachNode(body)]
    assert.deepEqual(all, recurse(body))
    assert.equal(new Set(all).size, all.length)
    assert.deepEqual([...eachExpr(body)], all.filter(isExpr))
    assert.deepEqual(
      [...eachStmt(body)],
      all.filter((node) => !isExpr(node)),
    )
  }
})

test('mapping every expression to itself gives an equal body', () => {
  for (const body of bodies)
    assert.deepStrictEqual(
      mapExprs(body, (expr) => expr),
      body,
    )
})

test('mapping reaches every expression, operands first', () => {
  for (const body of bodies) {
    let count = 0
    const mapped = mapExprs(body, (expr) => {
      count++
      return { ...expr, span: { file: 9, start: count, end: count } }
    })
    assert.equal(count, [...eachExpr(body)].length)
    for (const expr of eachExpr(mapped)) {
      assert.equal(expr.span.file, 9)
      for (const child of childrenOf(expr)) if (isExpr(child)) assert.ok(child.span.start < expr.span.start)
    }
  }
})
