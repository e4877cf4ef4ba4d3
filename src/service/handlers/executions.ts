import type { Call, Reply } from '../context.ts'
import { findExecution } from '../executions.ts'
import { known, type ExecuteBody, type ExecuteQuery } from '../flow/flow.ts'
import { runFlow } from '../flow/steps.ts'
import { problem, type Problem } from '../problem.ts'

/** `POST /execute/{anrfId}` */
export function executeArtifact(call: Call<ExecuteBody, ExecuteQuery>): Promise<Reply | { readonly problem: Problem }> {
  return runFlow(call, known(call.params['anrfId']))
}

/** `GET /executions/{id}` */
export async function getExecution({ services, params }: Call): Promise<Reply | { readonly problem: Problem }> {
  const id = known(params['id'])
  const record = await findExecution(services.store.sql, id)
  return record
    ? { status: 200, body: record }
    : { problem: problem('ANRF5003', `there is no execution ${JSON.stringify(id)}`) }
}
