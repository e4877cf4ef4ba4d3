export { stderrOf, type Death } from './death.ts'
export { launchProcess, type Exit, type Launch, type Launched, type LaunchSpec } from './launch.ts'
export { type LogLevel } from './messages.ts'
export {
  createPool,
  type ExecuteReport,
  type ExecuteRequest,
  type Pool,
  type PoolOptions,
  type Rejection,
} from './pool.ts'
export { programIdOf } from './program-id.ts'
export { type PoolStatus } from './slots.ts'
