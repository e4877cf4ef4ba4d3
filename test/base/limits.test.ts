import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clampLimits, LIMIT_NAMES, LIMITS, resolveLimits } from '../../src/base/index.ts'

test('every default is within its ceiling, and counters stay exact', () => {
  for (const name of LIMIT_NAMES) {
    const { default: value, ceiling } = LIMITS[name]
    assert.ok(value >= 1 && value <= ceiling && Number.isSafeInteger(ceiling), name)
  }
})

for (const name of LIMIT_NAMES)
  test(`${name}: what is asked for is given up to the ceiling, and what is not given is told`, () => {
    const { default: value, ceiling } = LIMITS[name]
    assert.equal(resolveLimits()[name], value)
    for (const asked of [1, value, ceiling]) {
      const { limits, clamped } = clampLimits({ [name]: asked })
      assert.equal(limits[name], asked)
      assert.deepEqual(clamped, [])
    }
    const { limits, clamped } = clampLimits({ [name]: ceiling + 1 })
    assert.equal(limits[name], ceiling)
    assert.deepEqual(clamped, [{ limit: name, asked: ceiling + 1, given: ceiling }])
    assert.equal(resolveLimits({ [name]: 0 })[name], 1)
  })

test('ceilings of a service lower those of the table, for defaults in silence', () => {
  assert.deepEqual(clampLimits({}, { wall: 5 }).clamped, [])
  assert.equal(clampLimits({}, { wall: 5 }).limits.wall, 5)
  assert.deepEqual(clampLimits({ wall: 6 }, { wall: 5 }).clamped, [{ limit: 'wall', asked: 6, given: 5 }])
  assert.equal(clampLimits({ wall: 1e12 }, { wall: 1e11 }).limits.wall, LIMITS.wall.ceiling)
})
