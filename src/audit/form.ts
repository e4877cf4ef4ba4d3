import { ENTRY_VERSION, sealOf, type Entry, type Range, type Sealed } from './entry.ts'

/**
 * What is wrong with the form of an entry that was read from somewhere, where a member may be anything, or with its seal;
 * undefined when nothing is. Whether it is the entry that was recorded only the tree says.
 */
export function checkForm({ version, at, tenant, action, outcome, seal, redacts, sealed }: Entry): string | undefined {
  if (!Number.isInteger(version) || version < 1 || version > ENTRY_VERSION)
    return `its form ${String(version)} is not known`
  if (![at, tenant, action, outcome].every(isText) || !TIME.test(at)) return 'a member of its leaf is malformed'
  if (!isText(seal) || !SEAL.test(seal)) return 'its seal is malformed'
  if (redacts !== undefined && !areRanges(redacts)) return 'the ranges that it redacts are malformed'
  return sealed && checkSealed(sealed, seal)
}

function checkSealed(sealed: Sealed, seal: string): string | undefined {
  if (!Object.values(sealed).every(isText) || !SALT.test(sealed.salt)) return 'a member of what was sealed is malformed'
  if (!isJson(sealed.reasons, Array.isArray) || !isJson(sealed.details, isObject)) return 'what was sealed is no JSON'
  return sealOf(sealed) === seal ? undefined : 'what was sealed does not fit its seal'
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const SEAL = /^[0-9a-f]{64}$/
const SALT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

function isJson(text: string, fits: (value: unknown) => boolean): boolean {
  try {
    return fits(JSON.parse(text))
  } catch {
    return false
  }
}

/** Ascending, without overlap. */
function areRanges(ranges: readonly Range[]): boolean {
  let end = -1
  return (
    Array.isArray(ranges) &&
    ranges.length > 0 &&
    ranges.every((range: unknown) => {
      if (!Array.isArray(range) || range.length !== 2) return false
      const [first, last] = range as [unknown, unknown]
      const isRight = Number.isSafeInteger(first) && Number.isSafeInteger(last) && Number(first) > end
      end = Number(last)
      return isRight && Number(first) <= end
    })
  )
}
