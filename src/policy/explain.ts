import { Type, type Static } from 'typebox'
import type { PolicyAction } from './actions.ts'
import { DEFAULT_PROFILE } from './profiles/profile.ts'
import { RUN_WITH, type PolicyRequest, type PolicyResource } from './request.ts'

const closed = { additionalProperties: false }
const Text = Type.String({ maxLength: 1000 })

const Program = Type.Object(
  {
    id: Type.Optional(Text),
    name: Type.Optional(Text),
    version: Type.Optional(Text),
    publishedBy: Type.Optional(Text),
    isSigned: Type.Optional(Type.Boolean()),
  },
  closed,
)

/** A request as whoever asks what would be decided describes it. */
export const ExplainSchema = Type.Object(
  {
    principal: Type.Object(
      { id: Text, tenant: Type.Optional(Text), scopes: Type.Optional(Type.Array(Text, { maxItems: 100 })) },
      closed,
    ),
    action: Type.String({ maxLength: 200, description: 'The action of a route, or `run-with`.' }),
    program: Type.Optional(Program),
    execution: Type.Optional(Type.Object({ id: Text, owner: Type.Optional(Text) }, closed)),
    profile: Type.Optional(Type.String({ maxLength: 100, description: 'Of `run-with`; default.' })),
    run: Type.Optional(
      Type.Object(
        {
          capabilities: Type.Optional(Type.Array(Text, { maxItems: 1000 })),
          entry: Type.Optional(Text),
          depth: Type.Optional(Type.Integer({ minimum: 0 })),
          isResumed: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    time: Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'In ms since 1970; now.' })),
    address: Type.Optional(Text),
  },
  closed,
)

export type Explained = Static<typeof ExplainSchema>

/** The request that a description stands for; undefined when there is no such action. */
export function explainedRequest(actions: readonly PolicyAction[], asked: Explained): PolicyRequest | undefined {
  const { principal, action, run = {}, time = Date.now(), address } = asked
  const resource = resourceOf(actions, asked)
  if (!resource) return undefined
  const facts = { capabilities: [], entry: '', depth: 0, isResumed: false, ...run, program: programOf(asked) }
  return {
    principal: { tenant: 'default', scopes: [], ...principal },
    action,
    resource,
    context: { time, ...(address !== undefined && { address }), ...(action === RUN_WITH && { run: facts }) },
  }
}

function resourceOf(actions: readonly PolicyAction[], asked: Explained): PolicyResource | undefined {
  if (asked.action === RUN_WITH) return { kind: 'Profile', id: asked.profile ?? DEFAULT_PROFILE }
  switch (actions.find(({ name }) => name === asked.action)?.resource) {
    case 'Service':
      return { kind: 'Service' }
    case 'Program':
      return { kind: 'Program', ...programOf(asked) }
    case 'Execution':
      return { kind: 'Execution', id: '', ...asked.execution, ...(asked.program && { program: programOf(asked) }) }
    case undefined:
      return undefined
  }
}

const programOf = ({ program = {} }: Explained): { id: string; isSigned: boolean } => ({
  id: '',
  isSigned: false,
  ...program,
})
