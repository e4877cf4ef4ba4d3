export { CAPABILITIES, type CapabilityName } from './capabilities.ts'
export { formatLog } from './format-log.ts'
export { STILL_WORLD, WorldReader, type World } from './world.ts'
