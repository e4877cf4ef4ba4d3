import { scopesOf, topicOf, type PolicyAction } from './actions.ts'
import { RUN_WITH } from './request.ts'

/** The types of entities, as policies see them. What may be absent is asked for with `has` first, which validation demands. */
const ENTITIES = `// A tenant: nobody sees or touches anything of another one, whatever policies say.
entity Tenant;

// Who asks. \`scopes\` are those of the key or token.
entity Principal in [Tenant] { tenant: Tenant, scopes: Set<String> };

// The service as a whole: what is not about one program or execution.
entity Service;

// A published document; its id is its digest. \`name\` and \`version\` are what its publisher chose.
entity Program in [Tenant] {
  name?: String,
  version?: String,
  publishedBy?: Principal,
  isSigned: Bool,
};

// An execution; its attributes are absent when it is not of the principal's tenant.
entity Execution in [Tenant] { owner?: Principal, program?: Program };

// What a program may be run with: a row of profiles.json.
entity Profile;`

const CONTEXT = 'time: datetime, address?: ipaddr'

/** The Cedar schema: entities, and one action per row, in the groups of its scope and of its topic. */
export function printSchema(actions: readonly PolicyAction[]): string {
  const scopes = scopesOf(actions).map((scope) => `action ${JSON.stringify(scopeGroup(scope))};`)
  const topics = [...new Set(actions.map(topicOf))].sort().map((topic) => `action ${JSON.stringify(topic)};`)
  const groups = ['// Groups: of what a scope of a key permits, and of a topic.', ...scopes, ...topics].join('\n')
  const routes = actions.length === 0 ? [] : [groups, actions.map(printAction).join('\n')]
  return `${[ENTITIES, ...routes, RUN_ACTION].join('\n\n')}\n`
}

export const scopeGroup = (scope: string): string => `scope:${scope}`

function printAction(action: PolicyAction): string {
  const groups = [scopeGroup(action.scope), topicOf(action)].map((group) => `Action::${JSON.stringify(group)}`)
  return `action ${JSON.stringify(action.name)} in [${groups.join(', ')}] appliesTo {
  principal: [Principal], resource: [${action.resource}], context: { ${CONTEXT} }
};`
}

const RUN_ACTION = `// To run a program with what a profile grants.
action ${JSON.stringify(RUN_WITH)} appliesTo {
  principal: [Principal],
  resource: [Profile],
  context: {
    ${CONTEXT},
    program: Program,
    // What the program asks for: "http", "tool:crm".
    capabilities: Set<String>,
    entry: String,
    // How many programs called each other to get here.
    depth: Long,
    // Whether it began earlier and is gone on with.
    isResumed: Bool,
  }
};`
