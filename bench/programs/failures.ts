/** Validates n records; what is wrong is thrown and caught. */
class ValidationError extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message)
    this.name = 'ValidationError'
  }
}

interface User {
  readonly name: string
  readonly age: number
}

function parseUser(line: string): User {
  const [name, age] = line.split(':')
  if (!name) throw new ValidationError('name', 'a user has a name')
  const years = Number(age)
  if (!Number.isInteger(years)) throw new TypeError(`${age} is no age`)
  if (years < 0 || years > 150) throw new ValidationError('age', `${years} is out of range`)
  return { name, age: years }
}

const LINES = ['ada:36', ':12', 'grace:85', 'alan:x', 'linus:200', 'margaret:87']

export function run(n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) {
    try {
      sum += parseUser(LINES[i % LINES.length]!).age
    } catch (error) {
      if (error instanceof ValidationError) sum += error.field.length * 7
      else if (error instanceof TypeError) sum += error.message.length
      else throw error
    } finally {
      sum %= 1_000_003
    }
  }
  return sum
}
