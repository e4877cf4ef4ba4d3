import { APPROVALS } from './approvals.ts'
import { CLOCK } from './clock.ts'
import { FILES } from './files.ts'
import type { Handlers } from './handler.ts'
import { HTTP } from './http.ts'
import { KV } from './kv.ts'
import { PROGRAMS } from './programs.ts'
import { SECRETS } from './secrets.ts'

export const HANDLERS: Handlers = {
  approvals: APPROVALS,
  clock: CLOCK,
  files: FILES,
  http: HTTP,
  kv: KV,
  log: {},
  programs: PROGRAMS,
  random: {},
  secrets: SECRETS,
}
