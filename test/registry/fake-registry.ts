// A small registry of the distribution specification 1.1 in this process, of which tests change one answer at a time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { digestOf } from '../../src/registry/oci/package.ts'

export type Seen = { readonly method: string; readonly path: string; readonly authorization: string | undefined }

/** Answers a request itself, or leaves it to the registry by giving false. */
export type Override = (request: IncomingMessage, response: ServerResponse) => boolean

export type FakeRegistry = {
  readonly host: string
  readonly seen: Seen[]
  override: Override | undefined
  readonly close: () => Promise<void>
}

export async function startFakeRegistry(): Promise<FakeRegistry> {
  const blobs = new Map<string, Buffer>()
  const manifests = new Map<string, Buffer>()
  const uploads = new Map<string, Buffer[]>()
  const seen: Seen[] = []
  const send = (
    response: ServerResponse,
    status: number,
    headers: Record<string, string> = {},
    body: Uint8Array = Buffer.alloc(0),
  ) => {
    response.writeHead(status, { ...headers, 'content-length': body.length })
    response.end(body)
  }
  const referrersOf = (digest: string): Buffer => {
    const all = [...manifests].flatMap(([reference, bytes]) => {
      const manifest = JSON.parse(bytes.toString()) as {
        subject?: { digest: string }
        artifactType: string
        mediaType: string
      }
      if (!reference.startsWith('sha256:') || manifest.subject?.digest !== digest) return []
      const { artifactType, mediaType } = manifest
      return [{ mediaType, artifactType, digest: reference, size: bytes.length }]
    })
    return Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: all }))
  }
  const putManifest = (reference: string, bytes: Buffer, response: ServerResponse): void => {
    manifests.set(reference, bytes)
    manifests.set(digestOf(bytes), bytes)
    const { subject } = JSON.parse(bytes.toString()) as { subject?: { digest: string } }
    send(response, 201, subject ? { 'oci-subject': subject.digest } : {})
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://x')
    const { method = '' } = request
    const body = await buffer(request)
    const [, kind = '', reference = ''] =
      /^\/v2\/.+?\/(manifests|blobs\/uploads|blobs|referrers)\/(.*)$/.exec(url.pathname) ?? []
    if (kind === 'manifests' && method === 'PUT') return putManifest(reference, body, response)
    if (kind === 'blobs/uploads') return upload(method, reference, url, body, response)
    if (kind === 'referrers') return send(response, 200, {}, referrersOf(reference))
    const found = (kind === 'manifests' ? manifests : blobs).get(reference)
    send(response, found ? 200 : 404, {}, method === 'HEAD' ? undefined : found)
  }
  const upload = (method: string, id: string, url: URL, body: Buffer, response: ServerResponse): void => {
    if (method === 'POST') {
      const next = String(uploads.size)
      uploads.set(next, [])
      return send(response, 202, { location: `${url.pathname.replace(/\/uploads\/.*/, '/uploads/')}${next}` })
    }
    uploads.get(id)?.push(body)
    if (method === 'PATCH') return send(response, 202, { location: url.pathname })
    const bytes = Buffer.concat(uploads.get(id) ?? [])
    const digest = digestOf(bytes)
    if (url.searchParams.get('digest') !== digest) return send(response, 400)
    blobs.set(digest, bytes)
    send(response, 201)
  }
  const registry: FakeRegistry = {
    host: '',
    seen,
    override: undefined,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    seen.push({ method, path, authorization: headers.authorization })
    if (!registry.override?.(request, response)) void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(registry, { host: `127.0.0.1:${(server.address() as AddressInfo).port}` })
}
