export { buildDocument, usesEffects } from './build.ts'
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
export { decodeDocument } from './decode.ts'
export { BOUNDS, documentName, type Document } from './document.ts'
export { documentJson, encodeDocument, encodeDocumentJson } from './encode.ts'
export { encodePreAuthentication, generateSigningKey, trustedKeyOf, type SigningKey, type TrustedKey } from './dsse.ts'
export { GRAPH_OPS } from './graph/ops.ts'
export { canonicalJson, documentId, isDocumentId } from './identity.ts'
export { isProgramName, isProgramVersion, programNameOf } from './names.ts'
export { openDocument, type Opened, type OpenOptions } from './open.ts'
export { RULES } from './rules.ts'
export { limitsOf, readSecurityMetadata } from './security.ts'
export { SIGNATURE_TYPE, signDocument, verifySignature } from './signature.ts'
export {
  isAbout,
  readUnverified,
  signStatement,
  verifyStatement,
  type SignatureBundle,
  type Statement,
} from './statement.ts'
