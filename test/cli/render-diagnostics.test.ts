import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { renderDiagnostics } from '../../src/apps/cli/render-diagnostics.ts'
import { diagnostic, type Diagnostic, type DiagnosticParts } from '../../src/base/index.ts'

const at = (line: number, from: number, to: number, endLine = line): Pick<Diagnostic, 'location'> & object => ({
  location: { path: 'main.ts', start: { line, column: from }, end: { line: endLine, column: to } },
})

function shown(parts: DiagnosticParts, colours = false): string {
  return renderDiagnostics([diagnostic('ANRF1101', parts)], colours)
}

test('a diagnostic shows the code, the place marked, the hint and where to read more', () => {
  const text = shown({
    message: 'regular expressions are not in the language',
    hint: 'Use `indexOf`.',
    ...at(12, 13, 18),
    excerpt: { firstLine: 12, lines: ['  return s.x(/ab+/)'] },
    labels: [
      {
        location: { path: 'b.ts', start: { line: 3, column: 7 }, end: { line: 3, column: 8 } },
        text: 's comes from here',
      },
    ],
  })
  assert.equal(
    text,
    [
      'error[ANRF1101]: regular expressions are not in the language',
      '  --> main.ts:12:13',
      '   |',
      '12 |   return s.x(/ab+/)',
      '   |             ^^^^^',
      '   = b.ts:3:7: s comes from here',
      '   = hint: Use `indexOf`.',
      '',
      '1 error; more: anrf --explain ANRF1101',
      '',
    ].join('\n'),
  )
})

test('a mark stands under its code after tabs and wide characters', () => {
  const text = shown({ message: 'm', ...at(1, 7, 9), excerpt: { firstLine: 1, lines: ['\t"漢字" ab'] } })
  const [, , , line, marks] = text.split('\n')
  assert.equal(line, '1 |   "漢字" ab')
  assert.equal(marks, '  |          ^^')
})

test('a span over several lines is marked on each of them, without the indentation', () => {
  const lines = ['if (x) {', '    return 1', '  }']
  const text = shown({ message: 'm', ...at(1, 1, 4, 3), excerpt: { firstLine: 1, lines } })
  assert.deepEqual(
    text.split('\n').filter((line) => line.includes('^')),
    ['  | ^^^^^^^^', '  |     ^^^^^^^^', '  |   ^'],
  )
})

test('an empty span at the end of the file is still marked', () => {
  assert.match(shown({ message: 'm', ...at(1, 3, 3), excerpt: { firstLine: 1, lines: ['ab'] } }), /^ {2}\| {3}\^$/m)
})

test('a long line is cut around the place', () => {
  const line = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`
  const text = shown({ message: 'm', ...at(1, 5001, 5005), excerpt: { firstLine: 1, lines: [line] } })
  const [, , , code, marks] = text.split('\n')
  assert.ok(code!.length < 200)
  assert.equal(code!.indexOf('HERE'), marks!.indexOf('^^^^'))
})

test('source code cannot move the cursor, change colours or reverse text', () => {
  const evil = '\u001b[2J\u009b1m\u202e\r\u0007'
  const text = shown({ message: evil, hint: evil, ...at(1, 1, 2), excerpt: { firstLine: 1, lines: [evil] } })
  assert.equal(text, stripVTControlCharacters(text))
  for (const control of ['\r', '\u0007', '\u009b', '\u202e']) assert.ok(!text.includes(control))
})

test('a diagnostic about an input names its JSON pointer', () => {
  const text = renderDiagnostics(
    [diagnostic('ANRF4001', { message: 'expected a number, got a string', pointer: '/n' })],
    false,
  )
  assert.match(text, /^error\[ANRF4001\]: expected a number, got a string\n *--> \/n\n/)
})

test('colours are only there when asked for', () => {
  const parts = { message: 'm', ...at(1, 1, 2), excerpt: { firstLine: 1, lines: ['a'] } }
  assert.ok(shown(parts, true).includes('\u001b['))
  assert.equal(stripVTControlCharacters(shown(parts, true)), shown(parts))
})

test('the last line counts by severity', () => {
  const list = [
    diagnostic('ANRF1101', { message: 'a' }),
    diagnostic('ANRF1003', { message: 'b', severity: 'warning' }),
    diagnostic('ANRF1003', { message: 'c', severity: 'warning' }),
  ]
  assert.match(renderDiagnostics(list, false), /\n1 error, 2 warnings; more: anrf --explain ANRF1101\n$/)
  assert.equal(renderDiagnostics([], false), '')
})

test('a feature that has a page names it; the last line then names no code', () => {
  const text = shown({
    message: 'Proxy is not part of the library',
    hint: 'Use a class.',
    feature: 'Proxy',
    ...at(1, 1, 2),
  })
  assert.match(text, /\n {2}= hint: Use a class\.\n {2}= more: anrf --explain proxy\n\n1 error\n$/)
})
