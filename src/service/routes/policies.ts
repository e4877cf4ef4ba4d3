import { ExplainSchema } from '../../policy/index.ts'
import { explainPolicies, getPolicies, reloadPolicies } from '../handlers/policies.ts'
import { DecisionSchema, PoliciesSchema, RevisionSchema } from '../schemas/policies.ts'
import { route, type Route } from './route.ts'

export const POLICY_ROUTES: readonly Route[] = [
  route({
    action: 'policies.read',
    method: 'GET',
    path: '/policies',
    summary: 'The policies and profiles in force, with their schema, and what was refused since',
    scope: 'operate',
    output: { 200: PoliciesSchema },
    errors: [],
    handle: getPolicies,
  }),
  route({
    action: 'policies.explain',
    method: 'POST',
    path: '/policies/explain',
    summary: 'What would be decided of a request that the body describes, and by which policies',
    scope: 'operate',
    body: ExplainSchema,
    output: { 200: DecisionSchema },
    errors: ['ANRF5003', 'ANRF5004'],
    handle: explainPolicies,
  }),
  route({
    action: 'policies.reload',
    method: 'POST',
    path: '/policies/reload',
    summary: 'Read the folder of policies again; what is wrong with it changes nothing',
    scope: 'operate',
    leaves: 'policies.reload',
    output: { 200: RevisionSchema },
    errors: ['ANRF5030', 'ANRF5031', 'ANRF5032'],
    handle: reloadPolicies,
  }),
]
