import { OciError } from './failure.ts'

/** A place in an OCI registry: `host[:port]/path[:tag][@sha256:...]` (OCI distribution specification 1.1). */
export type OciReference = {
  readonly host: string
  readonly repository: string
  /** Absent when only the repository was named. */
  readonly tag?: string
  readonly digest?: string
}

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const REFERENCE = new RegExp(
  `^([a-zA-Z0-9.-]+(?::\\d{1,5})?|\\[[0-9a-fA-F:]+\\](?::\\d{1,5})?)/(${COMPONENT}(?:/${COMPONENT})*)` +
    `(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`,
)

/** Reads a reference, with or without `oci://`. The registry must be named: there is no default one. Throws an `OciError`. */
export function parseOciReference(text: string): OciReference {
  const [, host, repository, tag, digest] = REFERENCE.exec(text.replace(/^oci:\/\//, '')) ?? []
  const isHost = host !== undefined && (/[.:[]/.test(host) || host === 'localhost')
  if (!isHost || repository === undefined || repository.length > 255)
    throw new OciError(
      'ANRF5054',
      `${JSON.stringify(text)} is no place in an OCI registry`,
      'Write HOST/REPOSITORY[:TAG], as registry.example.com/programs/sum:1.2.0 or localhost:5000/sum.',
    )
  return { host, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) }
}

export function formatOciReference({ host, repository, tag, digest }: OciReference): string {
  const at = digest === undefined ? '' : `@${digest}`
  return `${host}/${repository}${tag === undefined ? '' : `:${tag}`}${at}`
}

/** Loopback hosts, the only ones that are spoken to without TLS. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname)
}

/** The origin of a registry. */
export function originOf({ host }: OciReference): string {
  const { hostname } = new URL(`https://${host}`)
  // The registry of Docker answers under another name than its images have.
  const name = host === 'docker.io' ? 'registry-1.docker.io' : host
  return `${isLoopback(hostname) ? 'http' : 'https'}://${name}`
}
