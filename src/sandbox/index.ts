export { stderrOf } from './death.ts'
export { ENGINE_FLAGS } from './launch.ts'
export { createPool, type ExecuteReport, type ExecuteRequest, type Pool } from './pool.ts'
export { programIdOf } from './program-id.ts'
