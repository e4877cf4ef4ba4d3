import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import type { PolicyContext, PolicyPrincipal, PolicyRequest, PolicyResource, ProgramFacts } from '../request.ts'

/** The id of the one entity of type `Service`. */
const SERVICE_ID = 'anrf'

const uid = (type: string, id: string): TypeAndId => ({ type, id })
const ref = (type: string, id: string): CedarValueJson => ({ __entity: { type, id } })
const extension = (fn: string, arg: string): CedarValueJson => ({ __extn: { fn, arg } })

/** A request as Cedar takes it. All of it is made here, from what the service knows; nothing of it is taken from a caller as it came. */
export function cedarRequestOf({ principal, action, resource, context }: PolicyRequest): {
  readonly principal: TypeAndId
  readonly action: TypeAndId
  readonly resource: TypeAndId
  readonly context: Record<string, CedarValueJson>
  readonly entities: EntityJson[]
} {
  const { run } = context
  // What an attribute names is told as well, so that policies can ask for its attributes.
  const program = run?.program ?? (resource.kind === 'Execution' ? resource.program : undefined)
  const programs = program ? [programEntity(program, principal.tenant)] : []
  return {
    principal: uid('Principal', principal.id),
    action: uid('Action', action),
    resource: uid(resource.kind, resourceId(resource)),
    context: contextOf(context),
    entities: [
      uidEntity('Tenant', principal.tenant),
      principalEntity(principal),
      resourceEntity(resource, principal),
      ...programs,
    ],
  }
}

const uidEntity = (type: string, id: string): EntityJson => ({ uid: uid(type, id), attrs: {}, parents: [] })

const resourceId = (resource: PolicyResource): string => (resource.kind === 'Service' ? SERVICE_ID : resource.id)

function principalEntity({ id, tenant, scopes }: PolicyPrincipal): EntityJson {
  return {
    uid: uid('Principal', id),
    attrs: { tenant: ref('Tenant', tenant), scopes: [...scopes] },
    parents: [uid('Tenant', tenant)],
  }
}

function resourceEntity(resource: PolicyResource, { tenant }: PolicyPrincipal): EntityJson {
  switch (resource.kind) {
    case 'Program':
      return programEntity(resource, tenant)
    case 'Execution':
      return {
        uid: uid('Execution', resource.id),
        attrs: {
          ...(resource.owner !== undefined && { owner: ref('Principal', resource.owner) }),
          ...(resource.program && { program: ref('Program', resource.program.id) }),
        },
        parents: resource.owner === undefined ? [] : [uid('Tenant', tenant)],
      }
    case 'Service':
    case 'Profile':
      return uidEntity(resource.kind, resourceId(resource))
  }
}

/** A program is only ever looked for in the tenant of who asks. */
function programEntity({ id, name, version, publishedBy, isSigned }: ProgramFacts, tenant: string): EntityJson {
  return {
    uid: uid('Program', id),
    attrs: {
      isSigned,
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
      ...(publishedBy !== undefined && { publishedBy: ref('Principal', publishedBy) }),
    },
    parents: [uid('Tenant', tenant)],
  }
}

function contextOf({ time, address, run }: PolicyContext): Record<string, CedarValueJson> {
  return {
    time: extension('datetime', new Date(time).toISOString()),
    ...(address !== undefined && { address: extension('ip', address) }),
    ...(run && {
      program: ref('Program', run.program.id),
      capabilities: [...run.capabilities],
      entry: run.entry,
      depth: run.depth,
      isResumed: run.isResumed,
    }),
  }
}
