import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressOf, classifyAddress, parseGrant } from '../../src/effects/index.ts'
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

/** What no program reaches without being allowed to, as CIDRs that node:net understands: a second opinion. */
const CLOSED = new BlockList()
for (const cidr of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
]
  .concat([
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ])
  .concat(['168.63.129.16/32']))
  CLOSED.addSubnet(cidr.split('/')[0]!, Number(cidr.split('/')[1]), 'ipv4')

const near = fc.constantFrom(10, 100, 127, 168, 169, 172, 192, 198, 203, 224, 255, 0, 1)
const v4 = fc.tuple(
  fc.oneof(near, fc.nat(255)),
  fc.oneof(fc.constantFrom(0, 16, 18, 31, 51, 63, 64, 88, 127, 168, 254), fc.nat(255)),
  fc.nat(255),
  fc.nat(255),
)
const hex = (a: number, b: number): string => ((a << 8) | b).toString(16)

test('every IPv4 address is open or closed as node:net says, in every form that IPv6 has for it', () => {
  fc.assert(
    fc.property(v4, ([a, b, c, d]) => {
      const text = [a, b, c, d].join('.')
      const isOpen = !CLOSED.check(text, 'ipv4')
      const forms = [
        text,
        `::ffff:${text}`,
        `::ffff:${hex(a, b)}:${hex(c, d)}`,
        `64:ff9b::${text}`,
        `2002:${hex(a, b)}:${hex(c, d)}::1`,
      ]
      for (const form of forms) assert.equal(classifyAddress(form).is === 'public', isOpen, form)
    }),
    { numRuns: 5000 },
  )
})

test('an address is closed however the host of a URL spells it', () => {
  const whole = (parts: readonly number[]): number => parts.reduce((sum, part) => sum * 256 + part, 0)
  const radix = fc.constantFrom(
    (n: number) => String(n),
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `0${n.toString(8)}`,
  )
  fc.assert(
    fc.property(
      v4,
      fc.integer({ min: 1, max: 4 }),
      fc.array(radix, { minLength: 4, maxLength: 4 }),
      (address, count, spell) => {
        // The last part of a host stands for all the bytes that are left (WHATWG URL, "IPv4 parser").
        const parts = [...address.slice(0, count - 1), whole(address.slice(count - 1))]
        const spelled = parts.map((part, i) => spell[i]!(part)).join('.')
        const host = addressOf(new URL(`http://${spelled}/`).hostname)
        assert.equal(host, address.join('.'))
        const granted = parseGrant(`http=http://${spelled}`)
        assert.equal('grant' in granted, !CLOSED.check(host, 'ipv4'), spelled)
      },
    ),
    { numRuns: 3000 },
  )
})
