import { usesEffects } from '../../document/index.ts'
import { createBroker, repeatableWith, type Host } from '../../broker/index.ts'
import { formatGrant, grantsWithin, meetGrants, parseGrants, type Declared, type Grant } from '../../effects/index.ts'
import {
  claimRun,
  Fenced,
  insertRun,
  readJournal,
  Session,
  storedJournal,
  type StoredRun,
} from '../../journal/index.ts'
import type { Module } from '../../ir/index.ts'
import { beginItem } from '../batches/store.ts'
import { findDecision } from '../executions/decisions.ts'
import { settleKey } from '../http/idempotency.ts'
import { known, type Flow } from './flow.ts'
import { observedPerformer } from './observed-performer.ts'
import { programsOf } from './programs.ts'
import { traceparentFor } from './traceparent.ts'

const knownEffects = new WeakMap<Module, boolean>()

/** Whether somebody has to answer calls of the program; looked up once per loaded program. */
export function hasEffects(module: Module): boolean {
  const found = knownEffects.get(module) ?? usesEffects(module)
  knownEffects.set(module, found)
  return found
}

/** What it takes to take the execution up, or to do it again. */
export function newRun(flow: Flow): StoredRun {
  const { services, principal } = flow.call
  return {
    executionId: flow.executionId,
    artifactId: known(flow.loaded).artifact.id,
    principal: known(principal).id,
    tenant: known(principal).tenant,
    entry: known(flow.entry),
    mode: flow.mode,
    args: known(flow.args),
    inputsDigest: flow.inputsDigest,
    limits: known(flow.limits),
    world: flow.world,
    grants: known(flow.granted).grants.map(formatGrant),
    startedAt: flow.startedAt.toISOString(),
    state: 'running',
    owner: services.instance.id,
    epoch: 1,
    waitsFor: [],
    asked: {
      ...flow.asked,
      clamped: flow.clamped ?? [],
      granted: known(flow.granted).profile,
      ...(flow.hookDeeds && { hookDeeds: flow.hookDeeds }),
    },
    isCancelAsked: false,
  }
}

/** Keeps what it takes to take the execution up, before anything of it reaches the world. */
export async function beginRun(flow: Flow): Promise<StoredRun> {
  const run = newRun(flow)
  await flow.call.services.store.sql.tx(async (query) => {
    await insertRun(query, run)
    await beginItem(query, run.asked.batch, run.executionId)
    await settleKey(query, flow.reservation)
  })
  return run
}

/** Takes the execution up once more: what the attempt before has still on its way into the journal comes too late. */
export async function beginAgain({ call, executionId }: Flow, run: StoredRun): Promise<StoredRun> {
  const again = await claimRun(call.services.store.sql, run, run.owner)
  if (!again) throw new Fenced(`execution ${executionId} was taken up by another process`)
  return again
}

/** The way of a run to the world; what earlier attempts did there is not done again. */
export async function openSession(flow: Flow, run: StoredRun): Promise<Session> {
  const { services, log } = flow.call
  const { sql } = services.store
  const { executionId } = run
  const performer = createBroker({
    executionId,
    grants: grantsWithin(grantsOf(run, known(flow.granted).grants), capabilitiesOf(flow)),
    limits: known(flow.limits),
    ...(flow.bounds && { caller: flow.bounds.account }),
    host: hostOf(flow, run),
    onDefect: (error, call) => log.error({ err: error, executionId, effect: call.name }, 'an effect failed'),
  })
  return new Session({
    limits: known(flow.limits),
    performer: observedPerformer(performer, flow),
    journal: storedJournal(sql, run),
    past: await readJournal(sql, executionId),
    isRepeatable: repeatableWith(services.config.tools),
    elapsed: () => Date.now() - Date.parse(run.startedAt),
  })
}

/** What the document says that its program asks for, and where; the capabilities were checked against its code. */
function capabilitiesOf({ loaded }: Flow): readonly Declared[] {
  return known(loaded).opened.document.security.capabilities
}

/** What was granted when the execution began, as far as it still is. */
function grantsOf({ grants: texts }: StoredRun, now: readonly Grant[]): readonly Grant[] {
  const parsed = parseGrants(texts)
  return 'grants' in parsed ? meetGrants(parsed.grants, now) : []
}

function hostOf(flow: Flow, { executionId, principal }: StoredRun): Host {
  const { services } = flow.call
  const { sql } = services.store
  const { artifact } = known(flow.loaded)
  return {
    root: services.config.dataDir,
    tools: services.config.tools,
    secrets: services.config.secrets,
    kv: { sql, principal, program: artifact.name ?? artifact.id },
    programs: programsOf(flow),
    traceparent: (hostname, key) => traceparentFor(flow, hostname, key),
    findApproval: (sequence) => findDecision(sql, executionId, sequence),
  }
}
