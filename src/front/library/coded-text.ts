import { emit } from '../emit/expressions.ts'
import { effect, seq } from '../emit/make.ts'
import { STR } from '../kinds.ts'
import { converted } from './leaf.ts'
import { callPrelude, flowPrelude } from './prelude.ts'
import { str, type Row } from './row.ts'
import { slotOf } from './typed.ts'

/** A function of the prelude from a text to a text. */
const overText = (name: string): Row => ({
  flow: (use) => flowPrelude(use, name, [slotOf(use, 'str', STR)]),
  emit: ({ c, at, args: [first, ...others] }) => {
    const text = c.keep(converted(c, first, str(), at))
    const ignored = others.map((arg) => effect(emit(c, arg.value)))
    return seq([...text.body, ...ignored], callPrelude(c, at, name, [text.value]))
  },
})

/** Base64, which Node does not take nothing for. */
const base64 = (name: string): Row => {
  const row = overText(name)
  return {
    flow: row.flow,
    emit: (use) => {
      const hint = 'Pass the text.'
      if (!use.args[0]) use.c.report('ANRF1101', use.at.span, 'a call of this function without a text', hint, 'base64')
      return row.emit(use)
    },
  }
}

/** Texts in the characters of URIs, and in base64. */
export const CODED_TEXT_FUNCTIONS: Readonly<Record<string, Row>> = {
  atob: base64('base64_decode'),
  btoa: base64('base64_encode'),
  decodeURI: overText('uri_decode'),
  decodeURIComponent: overText('uri_decode_component'),
  encodeURI: overText('uri_encode'),
  encodeURIComponent: overText('uri_encode_component'),
}
