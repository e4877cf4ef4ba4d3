export { type AuditEvent } from './event.ts'
export { recordEvent } from './record.ts'
