// What the host itself posts to others, as the events of hooks: its addresses are looked at like those of programs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseGrant, type HttpGrant } from '../../src/effects/index.ts'
import { post, type EffectFailure } from '../../src/broker/index.ts'
import { startServer } from './server.ts'

const server = await startServer((_, response) => response.writeHead(302, { location: '/elsewhere' }).end('moved'))

function posted(url: string, grant: string, addresses: readonly string[]): ReturnType<typeof post> {
  const parsed = parseGrant(grant)
  assert.ok('grant' in parsed, JSON.stringify(parsed))
  return post({
    url: new URL(url),
    grant: parsed.grant as HttpGrant,
    headers: [],
    body: Buffer.from('{}'),
    answerBytesMax: 1000,
    signal: AbortSignal.timeout(5000),
    resolve: async () => addresses,
  })
}

test('a name that means an address of this machine, of its network or of a cloud is not reached, also not beside a public one', async () => {
  const grant = `http=POST http://hooks.test:${server.port}`
  for (const addresses of [
    ['127.0.0.1'],
    ['10.1.2.3'],
    ['169.254.169.254'],
    ['::ffff:127.0.0.1'],
    ['93.184.216.34', '127.0.0.1'],
  ])
    await assert.rejects(
      posted(`http://hooks.test:${server.port}/`, grant, addresses),
      (error: EffectFailure) => error.code === 'denied',
      addresses.join(),
    )
  // Control: the same name with the same address is reached when that is granted.
  const granted = `http=+private POST http://hooks.test:${server.port}`
  assert.equal(server.seen.length, 0)
  const answer = await posted(`http://hooks.test:${server.port}/`, granted, ['127.0.0.1'])
  assert.equal(answer.status, 302)
  assert.equal(answer.body.length, 0)
  assert.deepEqual(
    server.seen.map(({ url }) => url),
    ['/'],
  )
})

test('another host, port or scheme than was granted is not reached', async () => {
  for (const url of ['http://other.test:80/', 'http://hooks.test:81/', 'https://hooks.test/'])
    await assert.rejects(posted(url, 'http=+private POST http://hooks.test', ['127.0.0.1']), /was denied/, url)
})
