import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closestName } from '../../src/base/index.ts'

const NAMES = ['floor', 'round', 'isInteger', 'indexOf', 'lastIndexOf', 'includes']

test('a name with a slip finds the one that is meant', () => {
  assert.equal(closestName('flor', NAMES), 'floor')
  assert.equal(closestName('Round', NAMES), 'round')
  assert.equal(closestName('include', NAMES), 'includes')
  assert.equal(closestName('idnexOf', NAMES), 'indexOf')
})

test('two letters in the wrong order are one slip', () => {
  assert.equal(closestName('prot', ['port', 'host']), 'port')
  assert.equal(closestName('hsot', ['port', 'host']), 'host')
  assert.equal(closestName('ba', ['ab', 'cd']), 'ab')
  assert.equal(closestName('trop', ['port', 'host']), undefined)
})

test('the beginning of a name finds the whole', () => {
  assert.equal(closestName('isInt', NAMES), 'isInteger')
})

test('a name that is like none finds none', () => {
  assert.equal(closestName('reverse', NAMES), undefined)
  assert.equal(closestName('x', NAMES), undefined)
  assert.equal(closestName('x', []), undefined)
})
