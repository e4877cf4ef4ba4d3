import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { openDocument } from '../../document/index.ts'
import type { Artifact, Loaded } from '../../registry/index.ts'
import type { Row, Store } from '../../store/index.ts'
import type { Services } from '../context.ts'
import { known } from '../flow/flow.ts'
import type { Level, Verification, Verifier } from '../flow/verifier.ts'

/** What one verifier found of a document. */
type VerifierResult = Verification & {
  readonly verifier: string
  readonly level: Level
  readonly version: string
  /** ISO 8601, UTC. */
  readonly verifiedAt: string
  readonly required: boolean
}

/** What all verifiers found: `verified` only if all of them say so, `failed` if one does. */
export type VerificationReport = Pick<Verification, 'status'> & { readonly results: readonly VerifierResult[] }

type Asked = Pick<Services, 'store' | 'registry' | 'verifiers' | 'telemetry'>

/** What is proved whenever a document is opened changes with the code that proves it. */
const STATIC = { verifier: 'static', level: 'static', version: '1', required: true } as const
const UNVERSIONED = '0'

/**
 * What the verifiers say of a document, in their order. They are asked once for each document and version, whoever's it is, unless
 * `isAnew`; the answer of one that fails to give any is not kept. `static` was proved when the document was loaded.
 */
export async function verifyDocument(
  services: Asked,
  loaded: Loaded,
  { isAnew = false }: { readonly isAnew?: boolean } = {},
): Promise<VerificationReport> {
  const results: VerifierResult[] = [
    isAnew ? await proveAgain(services, loaded.artifact) : staticResult('verified', []),
  ]
  for (const verifier of services.verifiers) {
    const known = isAnew ? undefined : await findResult(services.store, loaded.artifact.id, verifier)
    const result = known ?? (await askVerifier(services, verifier, loaded))
    if (result) results.push(result)
  }
  return { status: statusOf(results), results }
}

function statusOf(results: readonly Verification[]): Verification['status'] {
  if (results.some(({ status }) => status === 'failed')) return 'failed'
  return results.every(({ status }) => status === 'verified') ? 'verified' : 'declined'
}

const staticResult = (status: 'verified' | 'failed', findings: readonly Diagnostic[]): VerifierResult => ({
  ...STATIC,
  status,
  findings,
  verifiedAt: new Date().toISOString(),
})

/** Reads the document from the disk and proves it once more. */
async function proveAgain({ registry }: Asked, artifact: Artifact): Promise<VerifierResult> {
  const opened = openDocument(await registry.read(artifact), { expectedId: artifact.id })
  return 'diagnostics' in opened ? staticResult('failed', opened.diagnostics) : staticResult('verified', [])
}

async function askVerifier(services: Asked, verifier: Verifier, loaded: Loaded): Promise<VerifierResult | undefined> {
  if (!verifier.verify) return undefined
  const verifiedAt = new Date().toISOString()
  try {
    const said = await timeVerifier(
      services,
      verifier,
      'document',
      async () => known(await verifier.verify?.(loaded)),
      ({ status }) => status,
    )
    const result = { ...describe(verifier), ...said, verifiedAt }
    await keepResult(services.store, loaded.artifact.id, result)
    return result
  } catch {
    const message = `the verifier ${verifier.name} failed`
    return { ...describe(verifier), status: 'failed', findings: [diagnostic('ANRF5010', { message })], verifiedAt }
  }
}

/** Counts what a verifier says, and how long that takes; `error` when it fails to say anything. */
export async function timeVerifier<T>(
  { telemetry }: Pick<Services, 'telemetry'>,
  { name }: Verifier,
  stage: 'document' | 'before' | 'after',
  ask: () => Promise<T>,
  resultOf: (said: T) => string,
): Promise<T> {
  const startedMs = performance.now()
  let result = 'error'
  try {
    const said = await ask()
    result = resultOf(said)
    return said
  } finally {
    telemetry.metrics.record('verificationSeconds', [name, stage, result], (performance.now() - startedMs) / 1000)
  }
}

const describe = ({
  name,
  level = 'module',
  version = UNVERSIONED,
  isRequired = false,
}: Verifier): Pick<VerifierResult, 'verifier' | 'level' | 'version' | 'required'> => ({
  verifier: name,
  level,
  version,
  required: isRequired,
})

type ResultRow = Row & { readonly status: string; readonly findings: string; readonly verified_at: string }

async function findResult({ sql }: Store, documentId: string, verifier: Verifier): Promise<VerifierResult | undefined> {
  if (!verifier.verify) return undefined
  const described = describe(verifier)
  const [row] = await sql.query<ResultRow>(
    'select status, findings, verified_at from verification where document_id = ? and verifier = ? and version = ?',
    [documentId, described.verifier, described.version],
  )
  return (
    row && {
      ...described,
      status: row.status as Verification['status'],
      findings: JSON.parse(row.findings) as readonly Diagnostic[],
      verifiedAt: row.verified_at,
    }
  )
}

async function keepResult(
  { sql }: Store,
  documentId: string,
  { verifier, version, status, findings, verifiedAt }: VerifierResult,
): Promise<void> {
  await sql.tx((query) =>
    query(
      `insert into verification (document_id, verifier, version, status, findings, verified_at) values (?, ?, ?, ?, ?, ?)
        on conflict (document_id, verifier, version) do update
        set status = excluded.status, findings = excluded.findings, verified_at = excluded.verified_at`,
      [documentId, verifier, version, status, JSON.stringify(findings), verifiedAt],
    ),
  )
}
