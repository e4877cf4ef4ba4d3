import { resolveLimits, type Limits, type Mode } from '../../src/base/index.ts'
import { encodeModule } from '../../src/ir/index.ts'
import { createPool, programIdOf } from '../../src/sandbox/index.ts'
import { compileFiles } from '../anrf.ts'
import { strongestIsolation } from './add.ts'
import type { Figure } from '../history.ts'
import { median } from '../measure.ts'

/** `spin` computes for ever; `keep` keeps ever more and says how much, in MiB. */
const SOURCE = `export function spin(): number {
  let n = 0
  for (;;) n = (n + 1) % 1000
}
export function keep(): number {
  const kept: number[][] = []
  for (let i = 1; ; i++) {
    const part: number[] = []
    for (let k = 0; k < 131072; k++) part.push(k + 0.5)
    kept.push(part)
    console.log(i)
  }
}
`
const LIMIT_MS = 100
const MEMORY_MIB = 64
const FUEL = 1e12

/**
 * How late a run is ended, in each mode: wall time beyond the wall limit, processor time beyond the cpu limit, and wall time since
 * the run said for the last time that it keeps one MiB more.
 */
export async function timeStops(rounds: number): Promise<Figure[]> {
  const bytes = encodeModule(compileFiles('stops', new Map([['stops.ts', SOURCE]])).module)
  const pool = createPool({ isolation: await strongestIsolation(), size: 1, spares: 1 })
  const execute = async (entry: string, mode: Mode, limits: Partial<Limits>, onLog?: () => void) => {
    const report = await pool.execute({
      programId: programIdOf(bytes),
      programBytes: bytes,
      entry,
      args: [],
      mode,
      limits: resolveLimits({ fuel: FUEL, ...limits }),
      ...(onLog && { onLog }),
    })
    if ('outcome' in report && report.outcome.kind === 'limited') return report
    throw new Error(`the run was not limited: ${JSON.stringify(report)}`)
  }
  const figures: Figure[] = []
  for (const mode of ['interpret', 'jit'] as const) {
    const add = async (name: string, once: () => Promise<number>): Promise<void> => {
      const times: number[] = []
      for (let round = 0; round < rounds; round++) times.push(await once())
      figures.push({ name: `${name} ${mode}`, value: median(times), unit: 'ms' })
    }
    await add('stop at wall limit', async () => {
      const report = await execute('spin', mode, { wall: LIMIT_MS })
      return report.usage.wallMs - LIMIT_MS
    })
    await add('stop at cpu limit', async () => {
      const report = await execute('spin', mode, { cpu: LIMIT_MS })
      return report.usage.cpuMs - LIMIT_MS
    })
    await add('stop at memory limit', async () => {
      let saidMs = 0
      await execute('keep', mode, { memory: MEMORY_MIB * 2 ** 20 }, () => (saidMs = performance.now()))
      return performance.now() - saidMs
    })
  }
  await pool.close(0)
  return figures
}
