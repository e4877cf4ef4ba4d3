import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom, type Random } from '../ir/random.ts'
import { freshDir } from '../service/harness.ts'
import { Acknowledged, type Part } from './acknowledged.ts'
import { checkAfterKill, checkEnded, checkWhole, untilAllEnded, type Outcome } from './checks.ts'
import { openLedger, type Ledger } from './ledger.ts'
import { ask, Load } from './load.ts'
import { programDocument } from './program.ts'
import { prepareProcess, serviceEnv, type ServiceProcess, type Standby } from './service-process.ts'
import { Trail } from './trail.ts'

export type DurabilityOptions = {
  /** How often the whole service is killed. */
  readonly kills: number
  readonly seed: number
  /** Requests between two kills. */
  readonly batch: number
  /** After how long no more kills are begun, in minutes; without it all of them are. */
  readonly minutes?: number
  /** Begins no more kills once it is aborted. */
  readonly signal?: AbortSignal
  readonly onProgress?: (line: string) => void
}

export type DurabilityReport = Outcome & {
  readonly serviceKills: number
  readonly workerKills: number
  /** Executions that were answered in place, and those that were accepted. */
  readonly answered: number
  readonly accepted: number
  /** Requests with an `Idempotency-Key`, and answers to those that were asked again. */
  readonly keyed: number
  readonly askedAgain: number
  readonly batches: number
  readonly batchItems: number
  readonly artifacts: number
  readonly auditEntries: number
  readonly checkpoints: number
  /** Deep checks of the whole store, beside those after each kill. */
  readonly deepChecks: number
  /** Requests that were put off: busy, or under way. */
  readonly later: number
}

/** Milliseconds within which a kill comes: of load, or of effects once there is one. */
const WINDOW_MS = 400
/** How long a kill waits for an effect to come first. */
const EFFECT_WAIT_MS = 3000
const DEEP_EVERY = 50

/**
 * Kills the whole service, and now and then a worker before it, at random points under load of every kind, and checks after each
 * kill that nothing that was acknowledged is lost or was changed, and at the end that nothing was done twice. Rejects at the
 * first violation, with what it takes to repeat it; the store is left where it is then.
 */
export async function runDurability(options: DurabilityOptions): Promise<DurabilityReport> {
  const dir = freshDir()
  const random = makeRandom(options.seed)
  const world = await openLedger(() => random.int(4))
  const run = new Durability(options, { dir, random, world })
  try {
    const report = await run.run()
    rmSync(dir, { recursive: true, force: true })
    return report
  } catch (error) {
    const { seed, batch } = options
    const again = `--kills ${run.kills} --seed ${seed} --batch ${batch}`
    throw new Error(`after kill ${run.kills}: ${String(error)}; again: ${again}; the store is in ${dir}`, {
      cause: error,
    })
  } finally {
    await run.end()
    world.close()
  }
}

type Scene = { readonly dir: string; readonly random: Random; readonly world: Ledger }

class Durability {
  kills = 0
  readonly #options: DurabilityOptions
  readonly #scene: Scene
  readonly #env: Readonly<Record<string, string>>
  readonly #noted = new Acknowledged()
  #service: ServiceProcess | undefined
  #standby: Standby | undefined
  #workerKills = 0
  #deepChecks = 0

  constructor(options: DurabilityOptions, scene: Scene) {
    this.#options = options
    this.#scene = scene
    this.#env = serviceEnv(scene.dir, scene.world.port)
  }

  async end(): Promise<void> {
    await Promise.all([this.#service?.kill(), this.#standby?.kill()])
  }

  async run(): Promise<DurabilityReport> {
    const key = await this.#prepare()
    const { world, random } = this.#scene
    const load = new Load(key, world.port, random, this.#noted)
    const trail = await this.#trail(key)
    const startedMs = performance.now()
    const { kills, minutes = Infinity, signal } = this.#options
    const isOver = (): boolean => signal?.aborted === true || performance.now() - startedMs >= minutes * 60_000
    while (this.kills < kills && !isOver()) {
      await this.#round(load, trail, key)
      this.#options.onProgress?.(this.#progress(startedMs))
    }
    return this.#finish(load, trail)
  }

  /** Node writes its cache of compiled code when it ends in good order, which no process does that is killed. */
  async #prepare(): Promise<string> {
    const { dir } = this.#scene
    this.#service = await prepareProcess(dir, this.#env).start()
    const { key } = this.#service
    assert.ok(key !== undefined)
    const published = await ask(this.#service, key, 'POST', '/artifacts', programDocument('poster'))
    assert.equal(published?.status, 201)
    await this.#service.stop()
    this.#service = await prepareProcess(dir, this.#env).start()
    this.#standby = prepareProcess(dir, this.#env)
    return key
  }

  /** The next process opens the store; another one stands by from then on. */
  async #startNext(): Promise<ServiceProcess> {
    const service = await this.#standby!.start()
    this.#standby = prepareProcess(this.#scene.dir, this.#env)
    return (this.#service = service)
  }

  async #trail(key: string): Promise<Trail> {
    const answer = await ask(this.#service!, key, 'GET', '/audit/key')
    return new Trail(String(answer?.body).trim())
  }

  async #round(load: Load, trail: Trail, key: string): Promise<void> {
    const { random, dir, world } = this.#scene
    const service = this.#service!
    const [before, checkpoints] = [this.#noted.mark(), this.#noted.checkpoints.length]
    const asked = load.begin(service, this.#options.batch)
    // Half of the kills come before or while workers start, half while programs change the world.
    if (random.oneIn(2)) await Promise.race([world.next(), sleep(EFFECT_WAIT_MS)])
    const atMs = random.int(WINDOW_MS)
    if (random.oneIn(4)) await this.#killWorker(service, random.int(atMs + 1), atMs)
    else await sleep(atMs)
    await service.kill()
    this.kills++
    // The next one starts while what is left is looked at: it checks the database itself before it does anything.
    const next = this.#startNext()
    for (const one of await asked) if (one.status === 'rejected') throw one.reason
    const part = this.#noted.since(before)
    const [started] = await Promise.all([
      next,
      checkAfterKill(dir, trail, part, this.#noted.checkpoints.slice(checkpoints)),
    ])
    await checkReadable(started, key, part)
    if (this.kills % DEEP_EVERY === 0) await this.#checkWhole(trail)
  }

  async #killWorker(service: ServiceProcess, atMs: number, untilMs: number): Promise<void> {
    await sleep(atMs)
    this.#workerKills += killWorker(service, this.#scene.random)
    await sleep(untilMs - atMs)
  }

  /** Lets everything end that was accepted, and looks at all of it. */
  async #checkWhole(trail: Trail): Promise<Outcome> {
    const { dir, world } = this.#scene
    await untilAllEnded(dir)
    const outcome = await checkEnded(dir, this.#noted, trail, world)
    await checkWhole(dir, this.#noted)
    this.#deepChecks++
    return outcome
  }

  async #finish(load: Load, trail: Trail): Promise<DurabilityReport> {
    const { executions, accepted, batches, artifacts, checkpoints } = this.#noted
    await load.settle(this.#service!, load.keyed)
    const outcome = await this.#checkWhole(trail)
    return {
      serviceKills: this.kills,
      workerKills: this.#workerKills,
      answered: executions.length,
      accepted: accepted.length,
      keyed: load.keyed.length,
      askedAgain: load.askedAgain,
      batches: batches.length,
      batchItems: batches.reduce((sum, { tags }) => sum + tags.length, 0),
      artifacts: artifacts.length,
      auditEntries: trail.size,
      checkpoints: checkpoints.length,
      deepChecks: this.#deepChecks,
      later: load.later,
      ...outcome,
    }
  }

  #progress(startedMs: number): string {
    const rate = (this.kills / (performance.now() - startedMs)) * 60_000
    const { executions, accepted, batches, artifacts } = this.#noted
    const counts = `${executions.length} answered, ${accepted.length} accepted, ${batches.length} batches, ${artifacts.length} artifacts`
    return `${this.kills} kills (${rate.toFixed(0)} a minute), ${counts}, ${this.#scene.world.counts.size} effects`
  }
}

/** How many were killed: none when no worker lives just then. */
function killWorker(service: ServiceProcess, random: Random): number {
  const workers = service.workers()
  if (workers.length === 0) return 0
  try {
    process.kill(random.pick(workers), 'SIGKILL')
    return 1
  } catch {
    return 0
  }
}

/** What was acknowledged before the kill is answered by the next process. */
async function checkReadable(service: ServiceProcess, key: string, part: Part): Promise<void> {
  const { executions, accepted, batches, artifacts } = part
  const paths = [
    ...executions.map(({ executionId }) => `/executions/${executionId}`),
    ...accepted.map(({ id }) => `/executions/${id}`),
    ...batches.map(({ id }) => `/batches/${id}`),
    ...artifacts.map(({ id }) => `/artifacts/${id}`),
  ]
  const answers = await Promise.all(paths.map((path) => ask(service, key, 'GET', path)))
  for (const [i, answer] of answers.entries())
    assert.equal(answer?.status, 200, `${paths[i]} was acknowledged: ${JSON.stringify(answer?.body)}`)
}
