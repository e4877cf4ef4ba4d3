// An OpenID Connect issuer in a process of its own: `issuer-process.ts PORT`, with its private keys as JWKs in the first line of
// standard input. Says its URL as a line; each further line of keys replaces the ones before; ends with its standard input.
import { createServer, type RequestListener } from 'node:http'
import { createInterface } from 'node:readline'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import { AUDIENCE, CLIENT } from './issuer.ts'

let listener: RequestListener = (_, response) => response.writeHead(503).end()
const server = createServer((request, response) => listener(request, response))
await new Promise<void>((done) => server.listen(Number(process.argv[2]), '127.0.0.1', done))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

function providerOf(keys: readonly object[]): RequestListener {
  const provider = new Provider(url, {
    jwks: { keys: [...keys] },
    scopes: ['execute', 'read'],
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    extraTokenClaims: () => ({ org: 'org-1' }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        getResourceServerInfo: () => ({
          scope: 'publish execute read',
          audience: AUDIENCE,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  return provider.callback()
}

let isFirst = true
for await (const line of createInterface({ input: process.stdin })) {
  listener = providerOf(JSON.parse(line) as object[])
  process.stdout.write(isFirst ? `${url}\n` : 'changed\n')
  isFirst = false
}
process.exit(0)
