export { buildDocument, usedCapabilities } from './build.ts'
export type {
  BuildParts,
  ClassDescription,
  Contract,
  Declaration,
  Documentation,
  FunctionDescription,
  ParamDescription,
  ProgramDescription,
  RecordDescription,
  VariableDescription,
} from './build/description.ts'
export { decodeDocument, type Decoded } from './decode.ts'
export { BOUNDS, documentName, VERSION_CURRENT, VERSION_PUBLISHED, type Document } from './document.ts'
export { documentJson, encodeDocument, encodeDocumentJson } from './encode.ts'
export {
  encodePreAuthentication,
  generateSigningKey,
  trustedKeyOf,
  type Envelope,
  type SigningKey,
  type TrustedKey,
} from './dsse.ts'
export { lowerGraph } from './graph/lower.ts'
export { GRAPH_OPS } from './graph/ops.ts'
export { canonicalJson, documentId, isDocumentId, type DocumentId } from './identity.ts'
export { isProgramName, isProgramVersion, programNameOf } from './names.ts'
export { openDocument, type Opened, type OpenOptions } from './open.ts'
export { RULES, type Rule } from './rules.ts'
export { limitsOf, readSecurityMetadata, type CapabilityRequest, type SecurityMetadata } from './security.ts'
export { signDocument, verifySignature, type SignatureBundle } from './signature.ts'
