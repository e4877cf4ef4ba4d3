import { Ajv2020 } from 'ajv/dist/2020.js'
import { compileRegex, find } from '../../regex/index.ts'
import type { JsonSchema } from '../../effects/index.ts'

/** Steps that a pattern of a schema may take on one text: inputs come from programs, and must not keep the host busy. */
const PATTERN_STEPS_MAX = 1_000_000
const PATTERN_BYTES_MAX = 2 ** 24

class TooManySteps extends Error {}

/** A checker of values by a JSON Schema (2020-12); a text says why it is no schema that can be used. */
export function compileSchema(schema: JsonSchema): ((value: unknown) => string | undefined) | string {
  // Strict: a keyword that is not known would be a rule that nobody keeps. Formats are notes, as the standard has it.
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    validateFormats: false,
    allowUnionTypes: true,
    code: { regExp: PATTERNS },
  })
  try {
    const check = ajv.compile(schema)
    return (value) => {
      try {
        return check(value) ? undefined : ajv.errorsText(check.errors, { dataVar: '' })
      } catch (error) {
        if (error instanceof TooManySteps) return 'a text takes too long to be matched with a pattern'
        throw error
      }
    }
  } catch (error) {
    return (error as Error).message
  }
}

/** Patterns are matched by the engine that counts its steps. */
const PATTERNS = Object.assign(
  (pattern: string, flags: string): { toString(): string; test(text: string): boolean } => {
    const compiled = compileRegex(pattern, flags)
    if (compiled.kind !== 'program') throw new Error(`the pattern ${JSON.stringify(pattern)} cannot be used`)
    const { program } = compiled
    // The checker tells patterns apart by their text.
    return {
      toString: () => `/${pattern}/${flags}`,
      test: (text) => find(program, text, 0, new Int32Array(program.registers), budgetOf()),
    }
  },
  { code: 'undefined' },
)

function budgetOf(): Parameters<typeof find>[4] {
  const give = (): never => {
    throw new TooManySteps()
  }
  return { steps: PATTERN_STEPS_MAX, exhausted: give, grow: (bytes) => void (bytes > PATTERN_BYTES_MAX && give()) }
}
