export { createBroker, type Answered, type Broker, type BrokerOptions, type EffectUsage } from './broker.ts'
export { type Approval, type Host, type KvSpace, type ProgramCall, type Programs } from './context.ts'
export { readSecret, type Secret } from './secret.ts'
