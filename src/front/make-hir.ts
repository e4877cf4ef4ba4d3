import type { Span } from '../base/index.ts'
import type { HFunc, HParam, HVar } from './hir.ts'

/** A variable that is set where it is declared and that its function alone uses, but for what is said of it. */
export function newVar(scope: HVar['scope'], name: string, span: Span, said: Partial<HVar> = {}): HVar {
  return { name, scope, span, captured: false, assigned: false, checked: false, tested: false, ...said }
}

type Plain = {
  readonly params: HParam[]
  rest: HVar | null
  thisVar: HVar | null
  readonly generic: boolean
  readonly parent: null
  readonly cls: null
  readonly captures: Set<HVar>
}

/** A function at module level that takes nothing and captures nothing, but for what is said of it. */
export function newFunc<Said extends Pick<HFunc, 'name' | 'span' | 'body'> & Partial<HFunc>>(
  said: Said,
): Omit<Plain, keyof Said> & Said {
  const plain: Plain = {
    params: [],
    rest: null,
    thisVar: null,
    generic: false,
    parent: null,
    cls: null,
    captures: new Set(),
  }
  return { ...plain, ...said }
}
