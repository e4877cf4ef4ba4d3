export { CAPABILITIES, type CapabilityName } from './capabilities.ts'
export { RunConsole } from './console.ts'
export {
  closedPort,
  type Denial,
  type EffectAnswer,
  type EffectCall,
  type EffectError,
  type EffectPort,
} from './port.ts'
export { STILL_WORLD, WorldReader, type World } from './world.ts'
