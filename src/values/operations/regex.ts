import { STRING_LENGTH_MAX } from '../../ir/index.ts'
import { compileRegex, find, type Program } from '../../regex/index.ts'
import { Limited, Thrown, Trapped } from '../failure.ts'
import type { HostOperation, ValueHost } from '../host.ts'

/** Fuel for one step of the matcher: about what four rounds of a small loop take. */
const STEP_FUEL = 4

/** What the last search of a run found, and what its searches may use. */
export class Found {
  program: Program | null = null
  text = ''
  /** Ends of the match and of its groups, -1 for what took no part. */
  registers = new Int32Array(0)
  /** Steps that the search at work may still take. */
  steps = 0
  readonly #host: ValueHost

  constructor(host: ValueHost) {
    this.#host = host
  }

  exhausted(): never {
    this.#host.spend(this.#host.fuelLeft() + 1, 0)
    throw new Error('a run goes on without fuel')
  }

  grow(bytes: number): void {
    // The old room and twice as much.
    this.#host.requireMemory(3 * bytes)
    this.#host.spend(0, bytes)
  }
}

function programOf(source: string, flags: string, host: ValueHost): Program {
  const compiled = compileRegex(source, flags)
  switch (compiled.kind) {
    case 'program':
      return compiled.program
    case 'invalid':
      throw new Thrown(host.newError('SyntaxError', compiled.message))
    case 'deep':
      throw new Limited('depth', 'a regular expression is nested too deeply')
    case 'unsupported':
      throw new Trapped('unsupported-pattern')
  }
}

function groups(source: string, flags: string, _c: never, _d: never, _site: unknown, host: ValueHost): number {
  const { groupCount } = programOf(source, flags, host)
  // The indices of groups are no part of what a match gives here.
  if (flags.includes('d')) throw new Trapped('unsupported-pattern')
  return groupCount
}

function findMatch(
  text: string,
  source: string,
  flags: string,
  lastIndex: number,
  _site: unknown,
  host: ValueHost,
): number {
  const { found } = host
  const program = programOf(source, flags, host)
  if (found.program !== program) {
    found.program = program
    found.registers = new Int32Array(program.registers)
  }
  found.text = text
  const from = lastIndex > 0 ? Math.floor(lastIndex) : 0
  const steps = Math.floor(host.fuelLeft() / STEP_FUEL)
  found.steps = steps
  const matched = find(program, text, from, found.registers, found)
  if (steps > found.steps) host.spend((steps - found.steps) * STEP_FUEL, 0)
  if (matched) return found.registers[0]
  found.registers.fill(-1)
  return -1
}

function position(at: number, _b: never, _c: never, _d: never, _site: unknown, { found }: ValueHost): number {
  const count = found.program ? 2 * (found.program.groupCount + 1) : 0
  return at >= 0 && at < count && Number.isInteger(at) ? found.registers[at] : -1
}

function count(_a: never, _b: never, _c: never, _d: never, _site: unknown, { found }: ValueHost): number {
  return found.program?.groupCount ?? 0
}

function groupName(group: number, _b: never, _c: never, _d: never, _site: unknown, { found }: ValueHost): string {
  return found.program?.names.get(group) ?? ''
}

/** A `$` pattern: itself, the match, what is before and after it, a group by number, a group by name. */
const DOLLAR = /\$(?:[$&`']|\d{1,2}|<[^>]*>)/g
/** Longer results are asked for before they are made. */
const SMALL = 65_536

function expand(template: string, _b: never, _c: never, _d: never, _site: unknown, host: ValueHost): string {
  let [length, done] = [0, 0]
  const parts: string[] = []
  const add = (part: string): void => {
    parts.push(part)
    length += part.length
    if (length > STRING_LENGTH_MAX) throw new Thrown(host.newError('RangeError', 'Invalid string length'))
    if (length > SMALL) host.requireMemory(2 * length)
  }
  if (!template.includes('$')) return template
  for (const dollar of template.matchAll(DOLLAR)) {
    add(template.slice(done, dollar.index))
    add(substitution(dollar[0], host.found))
    done = dollar.index + dollar[0].length
  }
  add(template.slice(done))
  return parts.join('')
}

function substitution(dollar: string, found: Found): string {
  const { text, registers, program } = found
  if (!program || registers[0] < 0) return dollar
  const second = dollar[1]
  if (second === '$') return '$'
  if (second === '&') return captured(0, found)
  if (second === '`') return text.slice(0, registers[0])
  if (second === "'") return text.slice(registers[1])
  if (second === '<') return named(dollar, program, found)
  const count = program.groupCount
  const both = Number(dollar.slice(1))
  const one = Number(second)
  if (both >= 1 && both <= count) return captured(both, found)
  if (dollar.length === 3 && one >= 1 && one <= count) return captured(one, found) + dollar.slice(2)
  return dollar
}

function named(dollar: string, program: Program, found: Found): string {
  if (program.names.size === 0) return dollar
  const name = dollar.slice(2, -1)
  const parts = [...program.names].flatMap(([group, known]) => (known === name ? [captured(group, found)] : []))
  return parts.join('')
}

function captured(group: number, { text, registers }: Found): string {
  const start = registers[2 * group]
  return start < 0 ? '' : text.slice(start, registers[2 * group + 1])
}

/** Regular expressions, in every mode by the one matcher. */
export const REGEX_OPERATIONS = {
  'regex.groups': groups as HostOperation,
  'regex.find': findMatch as HostOperation,
  'regex.position': position as HostOperation,
  'regex.count': count as HostOperation,
  'regex.name': groupName as HostOperation,
  'regex.expand': expand as HostOperation,
} satisfies Record<string, HostOperation>
