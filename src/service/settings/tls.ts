import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Setting } from './setting.ts'

/** Whether a client must show a certificate, may, or is not asked. */
type ClientCertificates = 'none' | 'optional' | 'required'

/** How connections are kept secret; files are read again on SIGHUP. Without a certificate they are not. */
export type TlsConfig = {
  /** File with the certificate and those between it and the root (PEM). */
  readonly tlsCert: string | undefined
  /** File with its private key (PEM). */
  readonly tlsKey: string | undefined
  readonly tlsMin: 'TLSv1.2' | 'TLSv1.3'
  /** File with the certificates (PEM) that those of clients must come from. */
  readonly tlsClientCa: string | undefined
  readonly tlsClients: ClientCertificates
}

export const TLS_DEFAULTS: TlsConfig = {
  tlsCert: undefined,
  tlsKey: undefined,
  tlsMin: 'TLSv1.2',
  tlsClientCa: undefined,
  tlsClients: 'none',
}

const file =
  <Name extends string>(name: Name) =>
  (path: string): Readonly<Record<Name, string>> | string => {
    try {
      readFileSync(path)
      return { [name]: path } as Record<Name, string>
    } catch (error) {
      return `a file that can be read: ${(error as Error).message}`
    }
  }

export const TLS_SETTINGS: readonly Setting<TlsConfig>[] = [
  {
    env: 'ANRF_TLS_CERT',
    about: 'file with the certificate of the service and its chain (PEM); with it the service speaks HTTPS only',
    read: file('tlsCert'),
  },
  { env: 'ANRF_TLS_KEY', about: 'file with the private key of the certificate (PEM)', read: file('tlsKey') },
  {
    env: 'ANRF_TLS_MIN',
    default: '1.2',
    about: 'lowest version of TLS, 1.2 or 1.3',
    read: (text) => (text === '1.2' || text === '1.3' ? { tlsMin: `TLSv${text}` } : '1.2 or 1.3'),
  },
  {
    env: 'ANRF_TLS_CLIENT_CA',
    about: 'file with the certificates (PEM) from which certificates of clients must come',
    read: file('tlsClientCa'),
  },
  {
    env: 'ANRF_TLS_CLIENTS',
    default: 'none',
    about: 'whether clients must show a certificate: `required`, `optional` or `none`; keys are asked for all the same',
    read: (text) => {
      const tlsClients = (['none', 'optional', 'required'] as const).find((choice) => choice === text)
      return tlsClients ? { tlsClients } : 'required, optional or none'
    },
  },
]

/**
 * What is wrong with the settings as a whole. Who asks for any of this is never served without TLS, and a file that is none of its kind is
 * named: what `node:tls` says of it does not, and of the certificates for clients it says nothing.
 */
export function findTlsMistakes({ tlsCert, tlsKey, tlsClientCa, tlsClients }: TlsConfig): readonly string[] {
  const mistakes: string[] = []
  const isAsked = tlsCert !== undefined || tlsKey !== undefined || tlsClientCa !== undefined || tlsClients !== 'none'
  if (!isAsked) return mistakes
  if (tlsCert === undefined || tlsKey === undefined) mistakes.push('TLS needs both ANRF_TLS_CERT and ANRF_TLS_KEY')
  if (tlsClients !== 'none' && tlsClientCa === undefined) mistakes.push('ANRF_TLS_CLIENTS needs ANRF_TLS_CLIENT_CA')
  const tell = (what: string, look: () => unknown): void => {
    try {
      look()
    } catch (error) {
      mistakes.push(`${what}: ${(error as Error).message}`)
    }
  }
  const pair = `the certificate ${tlsCert} and the key ${tlsKey} cannot be used together`
  if (tlsCert !== undefined) tell(`${tlsCert} is no certificate`, () => new X509Certificate(readFileSync(tlsCert)))
  if (tlsClientCa !== undefined)
    tell(`${tlsClientCa} is no certificate`, () => new X509Certificate(readFileSync(tlsClientCa)))
  if (tlsCert !== undefined && tlsKey !== undefined && mistakes.length === 0)
    tell(pair, () => createSecureContext({ cert: readFileSync(tlsCert), key: readFileSync(tlsKey) }))
  return mistakes
}
