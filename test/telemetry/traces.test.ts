import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { openStore, type Sql } from '../../src/store/index.ts'
import { createMetrics } from '../../src/telemetry/metrics/registry.ts'
import { openTelemetry } from '../../src/telemetry/open.ts'
import { readTraceparent, writeTraceparent } from '../../src/telemetry/traces/context.ts'
import { otlpJsonOf } from '../../src/telemetry/traces/otlp-json.ts'
import { sampleBy } from '../../src/telemetry/traces/sampling.ts'
import type { TraceRecord } from '../../src/telemetry/traces/span.ts'
import { createTraceStore, type TraceOwner } from '../../src/telemetry/traces/trace-store.ts'
import { createTracer } from '../../src/telemetry/traces/tracer.ts'

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']

test('a traceparent is read as W3C Trace Context says, and everything else is ignored', () => {
  assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN, isSampled: true })
  assert.equal(readTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled, false)
  // A version that is not known yet may say more.
  assert.ok(readTraceparent(`42-${TRACE}-${SPAN}-01-what-comes`))
  for (const wrong of [
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01\n`,
  ])
    assert.equal(readTraceparent(wrong), undefined, String(wrong))
})

test('texts of any kind are a traceparent or none, and what is written is read', () => {
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
  fc.assert(fc.property(fc.string(), (text) => void readTraceparent(text)))
  fc.assert(
    fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, isSampled) => {
      fc.pre(!/^0+$/.test(traceId) && !/^0+$/.test(spanId))
      const context = { traceId, spanId, isSampled }
      assert.deepEqual(readTraceparent(writeTraceparent(context)), context)
    }),
  )
})

function traceOf(work: (tracer: ReturnType<typeof createTracer>) => void): TraceRecord {
  const seen: TraceRecord[] = []
  work(createTracer({ sample: () => true, onTrace: (trace) => seen.push(trace) }))
  assert.equal(seen.length, 1)
  return seen[0]!
}

test('spans hang together, have times inside each other, and say how they failed', () => {
  const trace = traceOf((tracer) => {
    const root = tracer.start('root', 'server', { a: 1 }, `00-${TRACE}-${SPAN}-01`)
    const child = root.child('child')
    child.child('grandchild', {}, 'client').end()
    child.fail('limited.fuel')
    child.end()
    child.end()
    root.setOwner('me', 'us')
    root.setExecution('x')
    root.end()
  })
  assert.equal(trace.traceId, TRACE)
  const [grandchild, child, root] = trace.spans
  assert.deepEqual([root?.parentId, child?.parentId, grandchild?.parentId], [SPAN, root?.spanId, child?.spanId])
  assert.deepEqual([child?.error, child?.attributes], ['limited.fuel', { 'error.type': 'limited.fuel' }])
  assert.ok(grandchild!.startUs >= child!.startUs && child!.durationUs <= root!.durationUs)
  assert.deepEqual([trace.principal, trace.tenant, trace.executionIds], ['me', 'us', ['x']])
})

test('a trace has at most 512 spans, the first among them, and says how many more there were', () => {
  const trace = traceOf((tracer) => {
    const root = tracer.start('root', 'server')
    for (let i = 0; i < 1000; i++) root.child(`call ${i}`).end()
    root.end()
  })
  assert.equal(trace.spans.length, 513)
  assert.equal(trace.dropped, 1000 - 512)
  assert.equal(trace.spans.at(-1)?.name, 'root')
})

test('what ends after its trace changes nothing', () => {
  const trace = traceOf((tracer) => {
    const root = tracer.start('root', 'server')
    const late = root.child('late')
    root.end()
    late.end()
  })
  assert.deepEqual(
    trace.spans.map(({ name }) => name),
    ['root'],
  )
})

test('samplers follow the parent or not, and choose a share of traces by their ids', () => {
  assert.equal(sampleBy('always_off', 1)(TRACE, true), false)
  assert.equal(sampleBy('parentbased_always_off', 1)(TRACE, true), true)
  assert.equal(sampleBy('parentbased_always_on', 1)(TRACE, false), false)
  assert.equal(sampleBy('parentbased_always_on', 1)(TRACE, undefined), true)
  const half = sampleBy('traceidratio', 0.5)
  const ids = Array.from({ length: 2000 }, (_, i) =>
    ((BigInt(i + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) & (2n ** 128n - 1n)).toString(16).padStart(32, '0'),
  )
  const chosen = ids.filter((id) => half(id, undefined))
  assert.ok(chosen.length > 800 && chosen.length < 1200, String(chosen.length))
  assert.ok(chosen.every((id) => sampleBy('traceidratio', 0.7)(id, false)))
  assert.equal(sampleBy('traceidratio', 0)('0'.repeat(32), undefined), false)
  assert.equal(sampleBy('traceidratio', 1)('f'.repeat(32), undefined), true)
})

test('OTLP/JSON has ids in hexadecimal, times as texts of nanoseconds, and values by their types', () => {
  const span = {
    spanId: SPAN,
    parentId: SPAN,
    name: 'x',
    kind: 'server',
    startUs: 5,
    durationUs: 10,
    error: 'e',
  } as const
  const attributes = { text: 'a', whole: 3, part: 0.5, yes: true }
  const trace = { traceId: TRACE, startedMs: 1_795_894_201_992, isSampled: true, executionIds: [], dropped: 0 }
  const json = otlpJsonOf([{ ...trace, spans: [{ ...span, attributes }] }]) as {
    resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[]
  }
  assert.deepEqual(json.resourceSpans[0]!.scopeSpans[0]!.spans[0], {
    traceId: TRACE,
    spanId: SPAN,
    parentSpanId: SPAN,
    name: 'x',
    kind: 2,
    startTimeUnixNano: '1795894201992005000',
    endTimeUnixNano: '1795894201992015000',
    attributes: [
      { key: 'text', value: { stringValue: 'a' } },
      { key: 'whole', value: { intValue: '3' } },
      { key: 'part', value: { doubleValue: 0.5 } },
      { key: 'yes', value: { boolValue: true } },
    ],
    status: { code: 2 },
  })
})

const record = (n: number, startedMs = Date.now()): TraceRecord => ({
  traceId: String(n).padStart(32, '0'),
  startedMs,
  isSampled: true,
  executionIds: [`execution-${n}`],
  spans: [],
  dropped: 0,
})

async function withStore(
  work: (store: Awaited<ReturnType<typeof openStore>>, commits: () => number) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'anrf-traces-'))
  let commits = 0
  const store = await openStore(dir, { onCommit: () => commits++ })
  try {
    await work(store, () => commits)
  } finally {
    store.close()
    rmSync(dir, { recursive: true })
  }
}

test('a thousand traces cost one commit, are found by execution or trace, and the oldest ones go', () =>
  withStore(async ({ sql }, commits) => {
    const traces = createTraceStore({
      sql,
      tracesMax: 300,
      ageMsMax: 60_000,
      onLoss: (error) => assert.fail(String(error)),
    })
    for (let n = 1; n <= 1000; n++) traces.add(record(n))
    assert.deepEqual(await traces.find('execution-1000'), [
      record(1000, (await traces.find('execution-1000'))[0]!.startedMs),
    ])
    assert.equal(commits(), 1)
    assert.equal((await traces.find(record(701).traceId)).length, 1)
    assert.equal((await traces.find('execution-700')).length, 0)
    const [rows] = await sql.query<{ n: number }>('select count(*) as n from trace_execution')
    assert.equal(rows!.n, 300)
  }))

test('traces that are too old go, and are not found before they do', () =>
  withStore(async ({ sql }) => {
    const traces = createTraceStore({
      sql,
      tracesMax: 300,
      ageMsMax: 60_000,
      onLoss: (error) => assert.fail(String(error)),
    })
    traces.add(record(1, Date.now() - 61_000))
    traces.add(record(2))
    assert.equal((await traces.find('execution-1')).length, 0)
    const [rows] = await sql.query<{ n: number }>('select count(*) as n from trace')
    assert.equal(rows!.n, 1)
  }))

test('an execution that is taken up again has several traces, oldest first', () =>
  withStore(async ({ sql }) => {
    const traces = createTraceStore({
      sql,
      tracesMax: 300,
      ageMsMax: 60_000,
      onLoss: (error) => assert.fail(String(error)),
    })
    for (const n of [1, 2]) traces.add({ ...record(n), executionIds: ['same', 'same'] })
    assert.deepEqual(
      (await traces.find('same')).map(({ traceId }) => traceId),
      [record(1).traceId, record(2).traceId],
    )
  }))

test('traces of others under the same trace id take no room from the own ones', () =>
  withStore(async ({ sql }) => {
    const traces = createTraceStore({
      sql,
      tracesMax: 300,
      ageMsMax: 60_000,
      onLoss: (error) => assert.fail(String(error)),
    })
    const { traceId } = record(0)
    for (let n = 1; n <= 150; n++) traces.add({ ...record(n), traceId, tenant: 'others', principal: 'them' })
    traces.add({ ...record(151), traceId, tenant: 'us', principal: 'me' })
    const found = async (owner?: TraceOwner): Promise<number> => (await traces.find(traceId, owner)).length
    assert.deepEqual(
      [await found(), await found({ tenant: 'us' }), await found({ tenant: 'us', principal: 'me' })],
      [100, 1, 1],
    )
    assert.equal(await found({ tenant: 'us', principal: 'them' }), 0)
  }))

test('a store that fails loses traces and says so, and nothing else', () =>
  withStore(async (store) => {
    const lost: number[] = []
    const traces = createTraceStore({
      sql: store.sql,
      tracesMax: 10,
      ageMsMax: 60_000,
      onLoss: (_, count) => lost.push(count),
    })
    store.close()
    for (let n = 1; n <= 2100; n++) traces.add(record(n))
    await traces.close()
    assert.equal(
      lost.reduce((sum, count) => sum + count, 0),
      2100,
    )
  }))

test('traces that are lost are counted, and told once however many they are', async () => {
  const sql: Sql = { query: async () => [], tx: () => Promise.reject(new Error('the disk is full')) }
  const told: object[] = []
  const log = { warn: (fields: object): void => void told.push(fields) }
  const config = { tracesMax: 10, traceAgeMsMax: 1000, otlp: {}, sampler: 'always_on', samplerRatio: 1 } as never
  const { traces, close } = await openTelemetry({ config, sql, metrics: createMetrics(), log })
  for (let i = 0; i < 2100; i++) traces!.add({ spans: [], executionIds: [] } as never)
  await close()
  assert.deepEqual(
    told.map((fields) => (fields as { count: number }).count),
    [1],
  )
})
