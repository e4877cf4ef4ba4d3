export { CAPABILITIES, TOOL, type CapabilityName } from './capabilities.ts'
export { RunConsole } from './console.ts'
export {
  checkScopes,
  denialOf,
  formatGrant,
  grantsWithin,
  isWithin,
  meetGrants,
  parseGrant,
  parseGrants,
  permits,
  type Asked,
  type Declared,
  type Grant,
} from './grants.ts'
export { classifyAddress } from './grants/address.ts'
export { type FilesGrant } from './grants/files.ts'
export { isOperationName, isSecretName, isToolName } from './grants/names.ts'
export { addressOf, askedOf, parseOrigin, permitsAddress, type AskedHttp, type HttpGrant } from './grants/http.ts'
export {
  closedPort,
  type Denial,
  type EffectAnswer,
  type EffectCall,
  type EffectError,
  type EffectPort,
} from './port.ts'
export { mapAmounts, NO_AMOUNTS, PROGRAM_CALL, shareOf, type Amounts, type Left } from './nested.ts'
export { STILL_WORLD, WorldReader, type Budget, type World } from './world.ts'
export { answersOf, digestEntry, journalRoot, type JournalDigest, type JournalEntry } from './journal.ts'
export { IDEMPOTENT, isRepeatable } from './repeatable.ts'
export { declareTool } from './tools/declare.ts'
export { type JsonSchema, type ToolDescription } from './tools/tool.ts'
