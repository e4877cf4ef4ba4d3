import { clampLimits, diagnostic, type Limits } from '../../base/index.ts'
import { limitsOf } from '../../document/index.ts'
import { checkInputs } from '../../engine/index.ts'
import type { Module } from '../../ir/index.ts'
import { known, type Step } from './flow.ts'

/** Step 3: the entry, its inputs by type, and the limits: those of the document, overlaid with those of the request. */
export const validateInputs: Step = async (flow) => {
  const { body } = flow.call
  const { module, document } = known(flow.loaded).opened
  const entry = chooseEntry(module, body.entry)
  if (entry === undefined) {
    const names = module.entries.map(({ name }) => name).join(', ')
    const message = body.entry === undefined ? 'the program has several entries' : `there is no entry ${body.entry}`
    const hint = `Entries are: ${names}.`
    const diagnostics = [diagnostic('ANRF1105', { message, hint, pointer: '/entry' })]
    flow.outcome = { kind: 'refused', diagnostics }
    return undefined
  }
  flow.entry = entry
  const checked = checkInputs(module, entry, body.inputs ?? {})
  if ('diagnostics' in checked) {
    const diagnostics = checked.diagnostics.map((d) => ({ ...d, pointer: `/inputs${d.pointer ?? ''}` }))
    flow.outcome = { kind: 'refused', diagnostics }
    return undefined
  }
  flow.args = checked.args
  const asked = { ...limitsOf(document.security), ...body.limits }
  const { limits, clamped } = clampLimits(asked, flow.call.services.config.ceilings)
  flow.limits = withinCaller(limits, flow.bounds?.limits ?? {})
  flow.clamped = clamped
  return undefined
}

/** A program that another one called has no more than that one has left. */
function withinCaller(limits: Limits, left: Partial<Limits>): Limits {
  return clampLimits(limits, left).limits
}

/** The entry that was asked for; without one the only entry, or `main`, or the default export. */
export function chooseEntry({ entries }: Module, asked: string | undefined): string | undefined {
  const names = entries.map(({ name }) => name)
  if (asked !== undefined) return names.includes(asked) ? asked : undefined
  return names.length === 1 ? names[0] : ['main', 'default'].find((name) => names.includes(name))
}
