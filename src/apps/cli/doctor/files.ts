import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { CONFIG_FILE } from '../../../service/index.ts'
import { KEY_FILES } from '../../../store/index.ts'
import { credentialsPath } from '../credentials.ts'
import type { Finding, Patient } from './check.ts'

/** Files with secrets are for their owner only. */
export function checkFiles({ dataDir, terminal, config }: Patient): Finding {
  const hasSecret = Object.keys(config.otlpHeaders).length > 0
  const configFile = resolve(terminal.folder, terminal.env['ANRF_CONFIG'] ?? CONFIG_FILE)
  const secret = [
    ...Object.values(KEY_FILES).map((name) => join(dataDir, name)),
    credentialsPath(terminal),
    ...(hasSecret ? [configFile] : []),
  ]
  const there = secret.filter((path) => modeOf(path) !== undefined)
  const open = there.filter((path) => (modeOf(path)! & 0o077) !== 0)
  if (open.length > 0)
    return { status: 'error', detail: `others can read ${open.join(', ')}`, hint: `chmod 600 ${open.join(' ')}` }
  const mode = modeOf(dataDir)
  if (mode !== undefined && (mode & 0o007) !== 0)
    return {
      status: 'warning',
      detail: `everybody on this machine can look into ${dataDir}`,
      hint: `chmod 700 ${dataDir}`,
    }
  return { status: 'ok', detail: `${there.length} files with keys, for their owner only` }
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode
}
