import { explainedRequest, printDefaultSet, printSchema, RULE_NAMES, type Explained } from '../../policy/index.ts'
import type { Call, Reply } from '../context.ts'
import { deedOf } from '../audit/deeds.ts'
import { problem, problemOfDiagnostics, type Problem } from '../http/problem.ts'

/** `GET /policies`: what is in force, and what was refused after it. */
export async function getPolicies({ services }: Call): Promise<Reply> {
  const { policies: book } = services
  const { revision, own, profiles } = book.current()
  const body = {
    revision,
    ...book.status(),
    policies: own,
    profiles: profiles.map(({ rules, ...profile }) => ({
      ...profile,
      rules: RULE_NAMES.filter((rule) => rules[rule]),
    })),
    schema: printSchema(book.actions),
    defaults: printDefaultSet(book.actions),
  }
  return { status: 200, body }
}

/** `POST /policies/reload` */
export async function reloadPolicies(call: Call): Promise<Reply | { readonly problem: Problem }> {
  const { policies: book } = call.services
  const diagnostics = await book.reload((revision) => deedOf(call, revision))
  if (diagnostics.length > 0) return { problem: problemOfDiagnostics(diagnostics) }
  return { status: 200, body: { revision: book.current().revision } }
}

/** `POST /policies/explain`: what would be decided of what the caller describes. Nothing is done. */
export async function explainPolicies({
  services,
  body,
}: Call<Explained>): Promise<Reply | { readonly problem: Problem }> {
  const { policies: book } = services
  const request = explainedRequest(book.actions, body)
  if (!request) return { problem: problem('ANRF5003', `there is no action ${JSON.stringify(body.action)}`) }
  const policies = book.current()
  return { status: 200, body: { revision: policies.revision, ...policies.decide(request) } }
}
