import { tokenize } from './tokens.ts'
import { Parser, type Expression } from './parser.ts'

/** A name that an expression may use. */
export interface Variable {
  name: string
  value: number
}

/**
 * Computes an arithmetic expression with `+ - * / % ^`, parentheses, the functions `sqrt abs min max round`,
 * the constants `pi` and `e`, and the variables that are given.
 *
 * @param expression the expression, such as `2 * (x + 1) ^ 2`
 * @param variables values for the names in the expression
 * @returns the value; division by zero gives an infinity as in JavaScript
 */
export function calculate(expression: string, variables: Variable[] = []): number {
  const tree = new Parser(tokenize(expression)).parse()
  console.log(show(tree))
  return evaluate(tree, variables)
}

/**
 * Writes an expression with every pair of parentheses that its meaning has.
 *
 * @param expression the expression
 * @returns the same expression, fully parenthesised
 */
export function parenthesise(expression: string): string {
  return show(new Parser(tokenize(expression)).parse())
}

function evaluate(e: Expression, variables: readonly Variable[]): number {
  switch (e.kind) {
    case 'number':
      return e.value
    case 'name':
      return lookUp(e.name, variables)
    case 'negate':
      return -evaluate(e.operand, variables)
    case 'binary':
      return compute(e.operator, evaluate(e.left, variables), evaluate(e.right, variables))
    case 'call':
      return call(
        e.name,
        e.args.map((arg) => evaluate(arg, variables)),
      )
  }
}

function lookUp(name: string, variables: readonly Variable[]): number {
  const variable = variables.find((v) => v.name === name)
  if (variable !== undefined) return variable.value
  if (name === 'pi') return Math.PI
  if (name === 'e') return Math.E
  throw new ReferenceError(`${name} is not defined`)
}

function compute(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
    default:
      return a ** b
  }
}

function call(name: string, args: readonly number[]): number {
  if (name === 'min') return Math.min(...args)
  if (name === 'max') return Math.max(...args)
  if (args.length !== 1) throw new TypeError(`${name} takes one argument, not ${args.length}`)
  const [x] = args
  if (name === 'sqrt') return Math.sqrt(x)
  if (name === 'abs') return Math.abs(x)
  if (name === 'round') return Math.round(x)
  throw new ReferenceError(`${name} is not a function`)
}

function show(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return String(e.value)
    case 'name':
      return e.name
    case 'negate':
      return `(-${show(e.operand)})`
    case 'binary':
      return `(${show(e.left)} ${e.operator} ${show(e.right)})`
    case 'call':
      return `${e.name}(${e.args.map(show).join(', ')})`
  }
}
