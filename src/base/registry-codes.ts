import type { CodeRow } from './codes.ts'

/** Codes of published programs and of other registries. */
export const REGISTRY_CODES = {
  ANRF5050: {
    title: 'Attestation not accepted',
    severity: 'error',
    help: 'A statement about an artifact is an in-toto Statement v1 in a DSSE envelope in a Sigstore bundle, signed by a trusted key, about the digest of the artifact, and of the form that its type has. docs/REGISTRY.md has an example.',
  },
  ANRF5051: {
    title: 'Approval by somebody else needed',
    severity: 'error',
    help: 'A version that may touch more than the one before it is approved by somebody who did not publish it.',
  },
  ANRF5052: {
    title: 'Version yanked',
    severity: 'warning',
    help: 'This version was taken out of what names and ranges stand for, for the reason shown. It still runs for whoever asks for it by version or digest: move to another version.',
  },
  ANRF5053: {
    title: 'Version waits for an approval',
    severity: 'warning',
    help: 'The version may touch more than the one before it. Until somebody else with the scope `approve` approves it (`anrf approve`), names and ranges do not stand for it; `anrf diff` shows what it may touch.',
  },
  ANRF5054: {
    title: 'Place in a registry not understood',
    severity: 'error',
    help: 'A place in an OCI registry is HOST/REPOSITORY[:TAG][@sha256:...], such as registry.example.com/programs/sum:1.2.0. The host is always named.',
  },
  ANRF5055: {
    title: 'Registry failed or refused',
    severity: 'error',
    help: 'The OCI registry cannot be reached, does not let you in, or answered what it should not. The message has its answer. Nothing was taken from it.',
  },
  ANRF5056: {
    title: 'Content is not what was promised',
    severity: 'error',
    help: 'What a registry or a file holds differs from its digest or size, is larger than it may be, or does not follow from the document. Nothing of it was taken.',
  },
  ANRF5057: {
    title: 'Exported file not understood',
    severity: 'error',
    help: 'The file is not what `anrf export` writes: an OCI image layout with one artifact in a tar archive. Nothing of it was taken.',
  },
} as const satisfies Record<string, CodeRow>
