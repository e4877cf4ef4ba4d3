import { baseOfForm, type Func } from '../ir/index.ts'
import { Trapped } from './failure.ts'

/** The host calls no function that it shows; what JSON.stringify calls is a `toJSON` that the program set in a dictionary. */
function refuse(): never {
  throw new Trapped('type-mismatch')
}

/** Functions of the host that it shows by what constructs them. */
const MADE: { readonly [form: string]: () => object } = {
  AsyncFunction: () => async () => refuse(),
  GeneratorFunction: () =>
    function* () {
      yield refuse()
    },
  AsyncGeneratorFunction: () =>
    async function* () {
      yield refuse()
    },
}

/** A function of the host that prints as one of the program. */
export function hostFunction({ name, form }: Func): object {
  const base = form === undefined ? undefined : baseOfForm(form)
  const made = base === undefined ? (MADE[form ?? '']?.() ?? (() => refuse())) : hostClass(base)
  return Object.defineProperty(made, 'name', { value: name })
}

function hostClass(base: string): object {
  const made = class {
    readonly shown = true
  }
  if (base !== '')
    Object.setPrototypeOf(
      made,
      Object.defineProperty(() => undefined, 'name', { value: base }),
    )
  return made
}
