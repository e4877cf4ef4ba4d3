import { constructorOf, NO_CONSTRUCTOR } from '../emit/class-name.ts'
import { undef } from '../emit/make.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'

const step = (missing: string): Row => ({
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args }) => (args[0] ? constructorOf(c, args[0].value, missing) : undef(at.span)),
})

/** What a comparison of constructors or prototypes compares of a value, see build/constructors.ts. */
export const CONSTRUCTOR_STEPS: Readonly<Record<string, Row>> = {
  '@@constructor': step(NO_CONSTRUCTOR),
  '@@prototype': step('Cannot convert undefined or null to object'),
}
