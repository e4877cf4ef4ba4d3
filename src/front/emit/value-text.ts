import { isBoxed, STRING, type Expr } from '../../ir/index.ts'
import type { FunctionContext } from './context.ts'
import { joinTexts, toText } from './convert.ts'
import { boxed, op, str, then } from './make.ts'

/** How V8 names a value in a message where it has no text of the program: `number 5`, `object null`, `undefined`. */
export function valueText(c: FunctionContext, x: Expr): Expr {
  const { span } = x
  return c.dispatch(x, STRING, (one) => {
    switch (one.type.kind) {
      case 'f64':
      case 'i32':
        return joinTexts(['number ', toText(c, one)], span)
      case 'bool':
        return joinTexts(['boolean ', toText(c, one)], span)
      case 'string':
        return joinTexts(['string "', one, '"'], span)
      case 'null':
        return then(one, str('object null', span))
      default:
        return op('dyn.typeof', [isBoxed(one.type) ? one : boxed(one)], STRING, span)
    }
  })
}
