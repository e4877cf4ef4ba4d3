// The same program must do the same however it is compiled and however often it is interrupted: random modules, run
// with every operation in the general way, with instructions of their own, with statements marked, and in small slices.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveLimits } from '../../src/base/index.ts'
import { compileModule, Machine, type Pace } from '../../src/interp/index.ts'
import { describeThrown, encodeValue, Limited, Thrown } from '../../src/values/index.ts'
import type { Module } from '../../src/ir/index.ts'
import { findCallCycles } from '../../src/passes/index.ts'
import { generateModule } from '../ir/generate.ts'

const SEED = Number(process.env.ANRF_SEED ?? 1_000_000)
const COUNT = 250
const LIMITS = resolveLimits({ fuel: 50_000, allocation: 2 ** 24, depth: 100 })

type Way = { readonly name: string; readonly plain: boolean; readonly debug: boolean; readonly pace: () => Pace }

const WAYS: readonly Way[] = [
  { name: 'plain', plain: true, debug: false, pace: () => ({}) },
  { name: 'fused', plain: false, debug: false, pace: () => ({}) },
  { name: 'fused, in slices', plain: false, debug: false, pace: () => ({ fuel: 3 }) },
  { name: 'stepping', plain: false, debug: true, pace: () => ({ atStatement: () => true }) },
]

function runWay(module: Module, entry: number, { plain, debug, pace }: Way): string {
  const lines: string[] = []
  const code = compileModule(module, findCallCycles(module), { plain, debug })
  const machine = new Machine(code, LIMITS, { log: (level, line) => lines.push(`${level} ${line}`) })
  const { func } = module.entries[entry]!
  for (const index of [module.init, func]) {
    machine.start(index, [])
    while (machine.resume(pace()).kind === 'paused');
    if (machine.state.kind === 'failed') break
  }
  const { state, fuelUsed: fuel, allocatedBytes: bytes, depthReached: depth } = machine
  return JSON.stringify({ end: endOf(machine, func), kind: state.kind, fuel, bytes, depth, lines })
}

function endOf(machine: Machine, func: number): unknown {
  const { state } = machine
  if (state.kind !== 'failed') return encodeValue(machine.result(func), 1e7)
  const { failure } = state
  if (failure instanceof Thrown) return describeThrown(failure.value, machine.limits)
  return failure instanceof Limited ? failure.limit : failure.trap
}

test(`however code is compiled and interrupted, it does the same (seed ${SEED})`, () => {
  let ran = 0
  for (let seed = SEED; seed < SEED + COUNT; seed++) {
    const module = generateModule(seed)
    module.entries.forEach(({ params, name }, entry) => {
      if (params.length > 0) return
      const [first, ...others] = WAYS.map((way) => runWay(module, entry, way))
      others.forEach((other, i) => assert.equal(other, first, `seed ${seed}, ${name}, ${WAYS[i + 1]!.name}`))
      ran++
    })
  }
  assert.ok(ran > COUNT / 2)
})
