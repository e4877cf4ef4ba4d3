import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classifyAddress } from '../../src/effects/index.ts'
import { parseAddress } from '../../src/effects/grants/address.ts'

const CLASSES = {
  public: ['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.0', '192.169.0.1', '100.63.0.1', '100.128.0.1'].concat([
    '2606:4700::1111',
    '2a00::',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
    '2003::1',
  ]),
  private: ['10.0.0.1', '10.255.255.255', '127.0.0.1', '127.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1']
    .concat(['100.64.0.1', '198.18.0.1', '::1', 'fc00::1', 'fdff::1', 'fec0::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])
    .concat([
      '64:ff9b::10.0.0.1',
      '2002:7f00:1::',
      '2002:c0a8:101::1',
      '2606:4700::5efe:127.0.0.1',
      '::ffff:0:10.1.2.3',
    ]),
  local: [
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fe80::1',
    'febf::1',
  ].concat(['fd00:ec2::254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::', 'fd20:ce::254']),
  never: ['0.0.0.0', '0.1.2.3', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255', '192.0.2.1', '203.0.113.9']
    .concat([
      '198.51.100.7',
      '192.0.0.1',
      '192.88.99.1',
      '::',
      'ff02::1',
      '2001:db8::1',
      '2001::1',
      '100::1',
      '::7f00:1',
    ])
    .concat(['64:ff9b:1::1', '3fff::1', '5f00::1', '4000::1', '::ffff:0.0.0.0', '::ffff:224.0.0.1', 'fe80::1%eth0'])
    .concat([
      '',
      'localhost',
      '127.1',
      '0177.0.0.1',
      '1.2.3',
      '1.2.3.256',
      '1.2.3.4.5',
      '::1::',
      ':1',
      '1:2:3:4:5:6:7:8:9',
    ]),
} as const

for (const [is, texts] of Object.entries(CLASSES))
  test(`addresses that are ${is}`, () => {
    assert.deepEqual(
      texts.filter((text) => classifyAddress(text).is !== is),
      [],
    )
  })

test('every spelling of an IPv6 address has the same bytes', () => {
  const spellings = [
    '0:0:0:0:0:ffff:7f00:1',
    '::ffff:7f00:1',
    '::FFFF:127.0.0.1',
    '0000::ffff:7f00:0001',
    '0::ffff:127.0.0.1',
  ]
  for (const text of spellings) assert.deepEqual(parseAddress(text), parseAddress('::ffff:7f00:1'), text)
  assert.equal(parseAddress('1:2:3:4:5:6:7::')?.length, 16)
  assert.equal(parseAddress('1:2:3:4:5:6:7:8::'), undefined)
})
