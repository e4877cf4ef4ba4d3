export { sufficientScopes, type PolicyAction } from './actions.ts'
export { printDefaultSet } from './default-set.ts'
export { explainedRequest, ExplainSchema, type Explained } from './explain.ts'
export { loadPolicies, openDefaultPolicies, type Policies } from './load.ts'
export { chooseProfile, type Granted, type Unfit } from './profiles/choose.ts'
export { type OperatorBounds, type RuleName, type VerificationLevel } from './profiles/profile.ts'
export { RULE_NAMES, RULES, type RunSubject } from './profiles/rules.ts'
export {
  RUN_WITH,
  type Decision,
  type Determining,
  type ExecutionFacts,
  type PolicyRequest,
  type PolicyResource,
  type ProgramFacts,
  type RunFacts,
} from './request.ts'
export { printSchema } from './schema.ts'
