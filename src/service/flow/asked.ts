import type { Asked, Priority } from '../../journal/index.ts'
import { problem, type Problem } from '../http/problem.ts'
import { known, type ExecuteCall } from './flow.ts'

/** How the execution is to be run: its priority, and until when it must have begun. */
export function askedOf({ body, query, principal, services }: ExecuteCall): Asked | Problem {
  const { priority = 'normal', deadline, timeout } = body
  if (priority === 'high' && !mayHurry(services.config.highPriority, known(principal).scopes))
    return problem('ANRF5002', 'only keys with the scope admin may ask for the priority high here (ANRF_HIGH_PRIORITY)')
  const times: number[] = []
  if (timeout !== undefined) times.push(Date.now() + timeout)
  if (deadline !== undefined) times.push(Date.parse(deadline))
  // A date-time of RFC 3339 may name a leap second, which no clock here has.
  if (times.some(Number.isNaN)) return problem('ANRF5004', `the deadline ${deadline} is not a time`)
  return {
    priority,
    isFresh: query.process === 'fresh',
    clamped: [],
    ...(query.profile !== undefined && { profile: query.profile }),
    ...(times.length > 0 && { startBy: new Date(Math.min(...times)).toISOString() }),
  }
}

function mayHurry(who: 'admin' | 'all', scopes: readonly string[]): boolean {
  return who === 'all' || scopes.includes('admin')
}

/** Among those that wait for a worker the greatest is served first. */
export const URGENCY: Readonly<Record<Priority, number>> = { high: 1, normal: 0, low: -1 }
