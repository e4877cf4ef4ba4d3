import { APPROVALS } from './approvals.ts'
import { CLOCK } from './clock.ts'
import type { Handlers } from './handler.ts'
import { KV } from './kv.ts'
import { PROGRAMS } from './programs.ts'

export const HANDLERS: Partial<Handlers> = {
  approvals: APPROVALS,
  clock: CLOCK,
  kv: KV,
  log: {},
  programs: PROGRAMS,
  random: {},
}
