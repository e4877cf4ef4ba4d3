import { constructorOf } from '../emit/class-name.ts'
import { undef } from '../emit/make.ts'
import { flowResult } from './leaf.ts'
import type { Row } from './row.ts'

/** What a comparison of constructors compares, see build/constructors.ts. */
export const constructorRow: Row = {
  flow: (use) => flowResult(use, 'str'),
  emit: ({ c, at, args }) => (args[0] ? constructorOf(c, args[0].value) : undef(at.span)),
}
