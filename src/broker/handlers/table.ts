import { APPROVALS } from './approvals.ts'
import { CLOCK } from './clock.ts'
import { FILES } from './files.ts'
import type { Handlers } from './handler.ts'
import { KV } from './kv.ts'
import { PROGRAMS } from './programs.ts'

export const HANDLERS: Partial<Handlers> = {
  approvals: APPROVALS,
  clock: CLOCK,
  files: FILES,
  kv: KV,
  log: {},
  programs: PROGRAMS,
  random: {},
}
