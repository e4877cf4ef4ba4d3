import { Type, type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { documentJson } from '../../document/index.ts'
import { HookFailure, type VerifierModule } from '../../hooks/index.ts'
import type { Loaded } from '../../registry/index.ts'
import type { Verdict, Verification, Verifier, VerifySubject } from '../flow/verifier.ts'

const FindingsSchema = Type.Array(
  Type.Object(
    {
      message: Type.String({ minLength: 1, maxLength: 1000 }),
      hint: Type.Optional(Type.String({ maxLength: 1000 })),
      pointer: Type.Optional(Type.String({ maxLength: 1000 })),
    },
    { additionalProperties: false },
  ),
  { maxItems: 100 },
)

const VerificationSchema = Type.Object(
  { status: Type.Enum(['verified', 'declined', 'failed']), findings: Type.Optional(FindingsSchema) },
  { additionalProperties: false },
)

const VerdictSchema = Type.Object(
  { ok: Type.Boolean(), findings: Type.Optional(FindingsSchema) },
  { additionalProperties: false },
)

/** The verifier that a module is. */
export function verifierOf(module: VerifierModule): Verifier {
  const { name, version, isRequired, methods } = module
  const has = (method: VerifierModule['methods'][number]): boolean => methods.includes(method)
  return {
    name,
    level: 'module',
    version,
    isRequired,
    ...(has('verify') && { verify: (loaded: Loaded) => verifyWith(module, loaded) }),
    ...(has('before') && { before: (subject: VerifySubject) => judgeWith(module, 'before', [subjectOf(subject)]) }),
    ...(has('after') && {
      after: (subject: VerifySubject, { outcome, logs, usage }) =>
        judgeWith(module, 'after', [subjectOf(subject), { outcome, logs, usage }]),
    }),
  } satisfies Verifier
}

async function verifyWith(module: VerifierModule, { artifact, opened }: Loaded): Promise<Verification> {
  const { id: anrfId, name, version } = artifact
  const asked = { anrfId, name, version, document: documentJson(opened.document) }
  const { status, findings = [] } = fitting(VerificationSchema, await module.call('verify', [asked]))
  return { status, findings: diagnosticsOf(module.name, findings) }
}

async function judgeWith(
  module: VerifierModule,
  method: 'before' | 'after',
  args: readonly unknown[],
): Promise<Verdict> {
  const { ok, findings = [] } = fitting(VerdictSchema, await module.call(method, args))
  if (ok) return { ok }
  const found = diagnosticsOf(module.name, findings)
  const none = diagnostic('ANRF5010', { message: `${module.name} gave no reason` })
  return { ok, diagnostics: found.length > 0 ? found : [none] }
}

function subjectOf({ loaded, entry, args }: VerifySubject): object {
  const { id: anrfId, name, version, tenant } = loaded.artifact
  return { anrfId, name, version, tenant, entry, args }
}

function fitting<S extends TSchema>(schema: S, given: unknown): Static<S> {
  if (Value.Check(schema, given)) return given as Static<S>
  throw new HookFailure('answer', 'what the module answered does not fit')
}

const diagnosticsOf = (verifier: string, findings: Static<typeof FindingsSchema>): readonly Diagnostic[] =>
  findings.map(({ message, ...more }) => diagnostic('ANRF5010', { message: `${verifier}: ${message}`, ...more }))
