import type { SigningKey } from '../../document/index.ts'

/** What events say they come from: the service, which its receipt key stands for. */
export const eventSource = ({ keyId }: SigningKey): string => `urn:anrf:service:${keyId}`
