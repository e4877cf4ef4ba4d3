import { privateName } from '../member-names.ts'
import { ts } from '../oracle.ts'
import type { Build } from './state.ts'
import { nodeSpan } from './variables.ts'

/** What tells a member from the others of its class: `#name` is not what the key `'#name'` names. Undefined where the name is computed. */
export function memberKey(name: ts.PropertyName | ts.BindingName): string | undefined {
  if (ts.isPrivateIdentifier(name)) return privateName(name.text)
  if (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) return name.text
  return ts.isNumericLiteral(name) ? String(Number(name.text)) : undefined
}

/** Refuses a key that is the name of what has none here. */
export function refuseKey(b: Build, node: ts.Node, text: string): void {
  const message = `The key \`${text}\` cannot be used here`
  const hint = 'Let it begin with anything but `@@`.'
  b.oracle.collector.report('ANRF1101', nodeSpan(b, node), { message, hint, feature: 'key' })
}
