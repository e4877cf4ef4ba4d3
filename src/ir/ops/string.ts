import { pure, text, type OpRow } from './row.ts'

type S = string
type N = number

const scan = { fuel: { per: 1 / 16, of: 'arg0' } } as const
const VIEW = { fuel: { base: 0 }, bytes: { base: 32 } } as const

/** Operations on strings. Indices and lengths are f64, converted as the ECMA-262 member converts them. Codes 128-191. */
export const STRING_OPS = {
  'string.length': pure(128, '(string) -> f64', 'number of UTF-16 code units', (s: S) => s.length),
  'string.concat': pure(
    129,
    '(string, string) -> string',
    'concatenation; charged by the shorter operand',
    (a: S, b: S) => a + b,
    {
      fuel: { per: 1 / 16, of: 'less' },
      bytes: { base: 16, per: 2, of: 'less' },
      throws: ['RangeError'],
    },
  ),
  'string.eq': pure(130, '(string, string) -> bool', 'same code units', (a: S, b: S) => a === b, {
    fuel: { per: 1 / 64, of: 'less' },
  }),
  'string.lt': pure(131, '(string, string) -> bool', 'less by code units', (a: S, b: S) => a < b, {
    fuel: { per: 1 / 64, of: 'less' },
  }),
  'string.le': pure(132, '(string, string) -> bool', 'less or equal by code units', (a: S, b: S) => a <= b, {
    fuel: { per: 1 / 64, of: 'less' },
  }),
  'string.at': pure(
    133,
    '(string, f64) -> string?',
    's[i]: the code unit at an index as a string, undefined when there is none',
    (s: S, i: N): S | undefined => s[i],
  ),
  'string.char_at': pure(134, '(string, f64) -> string', 'charAt: as s[i], empty when there is none', (s: S, i: N) =>
    s.charAt(i),
  ),
  'string.relative_at': pure(
    135,
    '(string, f64) -> string?',
    'String.prototype.at: negative indices count from the end',
    (s: S, i: N): S | undefined => s.at(i),
  ),
  'string.code_at': pure(136, '(string, f64) -> f64', 'charCodeAt; NaN when there is none', (s: S, i: N) =>
    s.charCodeAt(i),
  ),
  'string.code_point_at': pure(137, '(string, f64) -> f64?', 'codePointAt', (s: S, i: N): N | undefined =>
    s.codePointAt(i),
  ),
  'string.slice': pure(
    138,
    '(string, f64, f64) -> string',
    'slice(start, end)',
    (s: S, a: N, b: N) => s.slice(a, b),
    VIEW,
  ),
  'string.substring': pure(
    139,
    '(string, f64, f64) -> string',
    'substring(start, end)',
    (s: S, a: N, b: N) => s.substring(a, b),
    VIEW,
  ),
  'string.substr': pure(
    140,
    '(string, f64, f64) -> string',
    'substr(start, length)',
    (s: S, a: N, n: N) => s.substr(a, n),
    VIEW,
  ),
  'string.index_of': pure(
    141,
    '(string, string, f64) -> f64',
    'indexOf(search, from)',
    (s: S, t: S, from: N) => s.indexOf(t, from),
    scan,
  ),
  'string.last_index_of': pure(
    142,
    '(string, string, f64) -> f64',
    'lastIndexOf(search, from); from NaN means the end',
    (s: S, t: S, from: N) => s.lastIndexOf(t, from),
    scan,
  ),
  'string.includes': pure(
    143,
    '(string, string, f64) -> bool',
    'includes(search, from)',
    (s: S, t: S, from: N) => s.includes(t, from),
    scan,
  ),
  'string.starts_with': pure(
    144,
    '(string, string, f64) -> bool',
    'startsWith(search, from)',
    (s: S, t: S, from: N) => s.startsWith(t, from),
    scan,
  ),
  'string.ends_with': pure(
    145,
    '(string, string, f64) -> bool',
    'endsWith(search, end)',
    (s: S, t: S, end: N) => s.endsWith(t, end),
    scan,
  ),
  'string.repeat': text(146, '(string, f64) -> string', 'repeat(count)', (s: S, n: N) => s.repeat(n), {
    throws: ['RangeError'],
  }),
  'string.pad_start': text(
    147,
    '(string, f64, string) -> string',
    'padStart(length, fill)',
    (s: S, n: N, f: S) => s.padStart(n, f),
    { throws: ['RangeError'] },
  ),
  'string.pad_end': text(
    148,
    '(string, f64, string) -> string',
    'padEnd(length, fill)',
    (s: S, n: N, f: S) => s.padEnd(n, f),
    { throws: ['RangeError'] },
  ),
  'string.trim': text(149, '(string) -> string', 'trim', (s: S) => s.trim()),
  'string.trim_start': text(150, '(string) -> string', 'trimStart', (s: S) => s.trimStart()),
  'string.trim_end': text(151, '(string) -> string', 'trimEnd', (s: S) => s.trimEnd()),
  'string.to_upper': text(152, '(string) -> string', 'toUpperCase', (s: S) => s.toUpperCase()),
  'string.to_lower': text(153, '(string) -> string', 'toLowerCase', (s: S) => s.toLowerCase()),
  'string.replace': text(
    154,
    '(string, string, string) -> string',
    'replace of the first occurrence; `$` patterns in the replacement count (22.1.3.19.1)',
    (s: S, t: S, r: S) => s.replace(t, r),
  ),
  'string.replace_all': text(
    155,
    '(string, string, string) -> string',
    'replaceAll with a string',
    (s: S, t: S, r: S) => s.replaceAll(t, r),
  ),
  'string.to_number': pure(156, '(string) -> f64', 'StringToNumber (7.1.4.1.1)', (s: S) => Number(s), scan),
  'string.parse_int': pure(
    157,
    '(string, f64) -> f64',
    'parseInt(string, radix); radix 0 or NaN means by prefix',
    (s: S, r: N) => parseInt(s, r),
    scan,
  ),
  'string.parse_float': pure(158, '(string) -> f64', 'parseFloat', (s: S) => parseFloat(s), scan),
  'string.from_code': pure(
    159,
    '(f64) -> string',
    'String.fromCharCode of one unit',
    (c: N) => String.fromCharCode(c),
    { bytes: { base: 16 } },
  ),
  'string.from_code_point': pure(
    160,
    '(f64) -> string',
    'String.fromCodePoint of one',
    (c: N) => String.fromCodePoint(c),
    { bytes: { base: 16 }, throws: ['RangeError'] },
  ),
  'string.locale_compare': pure(
    161,
    '(string, string) -> f64',
    'localeCompare in the root collation: -1, 0 or 1',
    (a: S, b: S) => a.localeCompare(b, 'en-US'),
    scan,
  ),
  'string.normalize': text(162, '(string, string) -> string', 'normalize(form)', (s: S, f: S) => s.normalize(f), {
    throws: ['RangeError'],
  }),
  'string.truthy': pure(163, '(string) -> bool', 'false when empty', (s: S) => s.length > 0),
  'string.split': {
    code: 164,
    sig: '(string, string, f64) -> array<string>',
    doc: 'split(separator, limit) with a string separator; the limit is converted by ToUint32',
    effect: 'alloc',
    fuel: { per: 1 / 16, of: 'arg0' },
    bytes: { base: 32, per: 40, of: 'result' },
  },
  'string.get': {
    code: 166,
    sig: '(string, f64) -> string',
    doc: 's[i] where the program has no place for undefined: the code unit at an index as a string; traps when there is none',
    effect: 'read',
    traps: ['index-out-of-bounds'],
  },
  'string.to_index': {
    code: 167,
    sig: '(string) -> f64',
    doc: 'the array index that a property name is (10.4.2), -1 when it is none; traps when arrays or strings have or inherit a property of that name',
    effect: 'read',
    traps: ['inherited-property'],
  },
  'string.chars': {
    code: 165,
    sig: '(string) -> array<string>',
    doc: 'the code points as strings, as iteration gives them',
    effect: 'alloc',
    fuel: { per: 1, of: 'arg0' },
    bytes: { base: 32, per: 24, of: 'result' },
  },
} as const satisfies Record<string, OpRow>
