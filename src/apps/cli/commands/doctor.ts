import { resolve } from 'node:path'
import { styleText } from 'node:util'
import { DEFAULT_CONFIG, type ServiceConfig } from '../../../service/index.ts'
import type { Diagnostic } from '../../../base/index.ts'
import type { CommandModule, Options } from '../commands.ts'
import { readConfiguration } from '../configuration.ts'
import type { Check, Finding, Patient, Status } from '../doctor/check.ts'
import { CHECKS } from '../doctor/checks.ts'
import { printTable } from '../print-table.ts'
import type { Terminal } from '../terminal.ts'

type Row = Finding & { readonly check: string }

export const execute: CommandModule['execute'] = async (terminal, _args, options) => {
  const { config, finding } = readGiven(terminal, options)
  const dataDir = resolve(terminal.folder, config.dataDir)
  const patient: Patient = { terminal, config, dataDir, isDeep: options['deep'] === true }
  const rows: Row[] = [{ check: 'configuration', ...finding }]
  for (const check of CHECKS) rows.push({ check: check.name, ...(await examine(check, patient)) })
  const isWell = rows.every(({ status }) => status !== 'error')
  terminal.out(options.json ? `${JSON.stringify({ ok: isWell, checks: rows })}\n` : render(rows, terminal.colours))
  return isWell ? 'ok' : 'failed'
}

/** What is wrong with the configuration is a finding like others; the rest is then looked at with the defaults. */
function readGiven(terminal: Terminal, options: Options): { config: ServiceConfig; finding: Finding } {
  const read = readConfiguration(terminal, options)
  if ('config' in read) return { config: read.config, finding: { status: 'ok', detail: 'understood' } }
  const detail = read.diagnostics.map(({ message }: Diagnostic) => message).join('; ')
  return {
    config: DEFAULT_CONFIG,
    finding: { status: 'error', detail, hint: 'docs/CONFIGURATION.md has all settings.' },
  }
}

async function examine(check: Check, patient: Patient): Promise<Finding> {
  try {
    return await check.run(patient)
  } catch (error) {
    return { status: 'error', detail: (error as Error).message }
  }
}

const COLOURS = { ok: 'green', note: 'cyan', warning: 'yellow', error: 'red' } as const satisfies Record<Status, string>

function render(rows: readonly Row[], colours: boolean): string {
  const paint = (status: Status): string =>
    colours ? styleText(COLOURS[status], status, { validateStream: false }) : status
  const cells = rows.map(({ check, status, detail, hint }) => [
    check,
    paint(status),
    hint === undefined ? detail : `${detail} (${hint})`,
  ])
  return printTable(['check', 'status', 'what was seen'], cells)
}
