import { TOOL } from '../capabilities.ts'
import { commentOf, pascalCase, TypeWriter } from './schema-types.ts'
import type { ToolDescription } from './tool.ts'

/**
 * The source of the module `tool:NAME`: a function for each operation, typed by its schemas. Descriptions stand in comments,
 * as texts of others that a program's author reads.
 */
export function declareTool({ name, description, operations }: ToolDescription): string {
  const types = new TypeWriter()
  const functions = Object.entries(operations).flatMap(([operation, { description, input, output }]) => {
    const type = pascalCase(operation)
    types.declare(`${type}Input`, input)
    types.declare(`${type}Output`, output)
    return [
      '',
      ...commentOf({ description }, ''),
      `export async function ${operation}(input: ${type}Input): Promise<${type}Output> {`,
      `  return valueOf(await effect(${JSON.stringify(`${TOOL.prefix}${name}.${operation}`)}, JSON.stringify(input)))`,
      '}',
    ]
  })
  const lines = [
    ...commentOf({ description: `The tool ${name}: ${description}` }, '').map((line) => line.replace('/**', '/*')),
    `import { valueOf } from 'anrf:effects'`,
    '',
    'declare function effect(name: string, args: string): Promise<string>',
    '',
    `export { CapabilityError, EffectError } from 'anrf:effects'`,
    ...types.declarations.flatMap((declaration) => ['', declaration]),
    ...functions,
  ]
  return `${lines.join('\n')}\n`
}
