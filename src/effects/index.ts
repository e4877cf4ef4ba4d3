export { CAPABILITIES, type CapabilityName } from './capabilities.ts'
export { formatLog } from './format-log.ts'
