// A real issuer to test against: its process, its private keys, and the tokens that it gives or that somebody makes with them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTHeaderParameters, type JWTPayload } from 'jose'

export const CLIENT = { id: 'nightly-job', secret: 'a-secret-of-the-client' }
export const AUDIENCE = 'https://anrf.example.com'

/** A private key of an issuer and what it publishes of it. */
export type IssuerKey = { readonly kid: string; readonly privateKey: CryptoKey; readonly jwk: object }

export async function makeKey(kid: string): Promise<IssuerKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { kid, privateKey, jwk: { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'ES256' } }
}

export type TestIssuer = {
  readonly url: string
  readonly port: number
  /** Asks the token endpoint as a client does (RFC 6749, section 4.4). */
  ask(scope: string): Promise<string>
  /** Has other keys from now on. */
  rotate(keys: readonly IssuerKey[]): Promise<void>
  stop(): Promise<void>
}

export async function startIssuer(keys: readonly IssuerKey[], port = 0): Promise<TestIssuer> {
  const script = join(import.meta.dirname, 'issuer-process.ts')
  const child = spawn(process.execPath, ['--no-warnings', script, String(port)], { stdio: ['pipe', 'pipe', 'ignore'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const give = async (given: readonly IssuerKey[]): Promise<string> => {
    child.stdin.write(`${JSON.stringify(given.map(({ jwk }) => jwk))}\n`)
    const { value, done } = (await lines.next()) as { value: string; done: boolean }
    if (done) throw new Error('the issuer has ended')
    return value
  }
  const url = await give(keys)
  return {
    url,
    port: Number(new URL(url).port),
    async ask(scope) {
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      })
      const body = (await response.json()) as Record<string, unknown>
      if (!response.ok) throw new Error(JSON.stringify(body))
      return String(body['access_token'])
    },
    rotate: async (given) => void (await give(given)),
    async stop() {
      if (child.exitCode !== null) return
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}

type Minted = { readonly header?: Partial<JWTHeaderParameters>; readonly claims?: JWTPayload }

/** A token as the issuer would make it, but for what is given. */
export function mint(
  url: string,
  { kid, privateKey }: IssuerKey,
  { header = {}, claims = {} }: Minted = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const payload = { iss: url, aud: AUDIENCE, sub: 'somebody', scope: 'read', iat: now, exp: now + 60, ...claims }
  return new SignJWT(JSON.parse(JSON.stringify(payload)) as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt', ...header })
    .sign(privateKey)
}
