import { resolve } from 'node:path'
import { Type, type Static, type TProperties } from 'typebox'
import { Value } from 'typebox/value'
import { diagnostic, type Diagnostic } from '../../base/index.ts'
import { isOperationName, isToolName, type JsonSchema, type ToolDescription } from '../../effects/index.ts'
import { EffectFailure } from '../failure.ts'
import { bindCommand } from './command.ts'
import { bindHttp } from './http.ts'
import { compileSchema } from './schema.ts'
import type { BoundOperation, Tool, ToolFunction, ToolRun, Tools } from './tool.ts'

const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false })

const BindingSchema = Type.Union([
  closed({
    http: closed({
      url: Type.String(),
      method: Type.Optional(Type.Enum(['POST', 'PUT', 'PATCH'])),
      headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
  }),
  closed({ command: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }) }),
  closed({ function: Type.String() }),
])

const OperationSchema = closed({
  description: Type.String(),
  input: Type.Union([Type.Boolean(), Type.Record(Type.String(), Type.Unknown())]),
  output: Type.Union([Type.Boolean(), Type.Record(Type.String(), Type.Unknown())]),
  repeatable: Type.Optional(Type.Boolean()),
  binding: BindingSchema,
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000 })),
  outputBytesMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 * 2 ** 20 })),
})

const ManifestSchema = closed({
  tools: Type.Array(
    closed({
      name: Type.String(),
      description: Type.String(),
      operations: Type.Record(Type.String(), OperationSchema),
    }),
  ),
})

type Manifest = Static<typeof ManifestSchema>
type ManifestTool = Manifest['tools'][number]
type ManifestOperation = Static<typeof OperationSchema>

type Surroundings = {
  /** Where relative paths of commands begin, and where commands run. */
  readonly folder: string
  /** The functions that bindings name, of a program that embeds the broker. */
  readonly functions?: { readonly [name: string]: ToolFunction }
}

const TIMEOUT_MS = 30_000
const OUTPUT_BYTES_MAX = 2 ** 20

/** Reads the description of the tools of a host (`tools.json`); all that is wrong is told together, each with its place. */
export function readTools(
  manifest: unknown,
  surroundings: Surroundings,
): { readonly tools: Tools } | { readonly diagnostics: readonly Diagnostic[] } {
  const misfits = Value.Errors(ManifestSchema, manifest)
  if (misfits.length > 0) {
    const said = (message: string): string => (message === 'schema is false' ? 'there is no such member' : message)
    return { diagnostics: misfits.map(({ instancePath, message }) => wrong(instancePath, said(message))) }
  }
  const diagnostics: Diagnostic[] = []
  const tools = new Map<string, Tool>()
  for (const [i, tool] of (manifest as Manifest).tools.entries()) {
    const pointer = `/tools/${i}`
    if (!isToolName(tool.name)) diagnostics.push(wrong(`${pointer}/name`, 'a name has letters, digits, `-` and `_`'))
    if (tools.has(tool.name)) diagnostics.push(wrong(`${pointer}/name`, `there is another tool ${tool.name}`))
    const operations = Object.entries(tool.operations).map(([name, operation]) => {
      const bound = bindOperation(name, operation, surroundings, `${pointer}/operations/${name}`)
      if (Array.isArray(bound)) diagnostics.push(...(bound as Diagnostic[]))
      return [name, bound as BoundOperation] as const
    })
    tools.set(tool.name, { description: describe(tool), operations: new Map(operations) })
  }
  return diagnostics.length > 0 ? { diagnostics } : { tools }
}

const wrong = (pointer: string, message: string): Diagnostic => diagnostic('ANRF4012', { message, pointer })

/** What programs may know: nothing of how a tool is bound. */
function describe({ name, description, operations }: ManifestTool): ToolDescription {
  const described = Object.entries(operations).map(
    ([operation, { description, input, output, repeatable = false }]) => [
      operation,
      { description, input, output, repeatable },
    ],
  )
  return { name, description, operations: Object.fromEntries(described) as ToolDescription['operations'] }
}

function bindOperation(
  name: string,
  operation: ManifestOperation,
  surroundings: Surroundings,
  pointer: string,
): BoundOperation | readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  if (!isOperationName(name))
    diagnostics.push(wrong(pointer, 'an operation is named as a function of TypeScript may be'))
  const compile = (of: 'input' | 'output'): BoundOperation['checkInput'] => {
    const check = compileSchema(operation[of] as JsonSchema)
    if (typeof check !== 'string') return check
    diagnostics.push(wrong(`${pointer}/${of}`, `no JSON Schema that can be used: ${check}`))
    return () => undefined
  }
  const checks = { checkInput: compile('input'), checkOutput: compile('output') }
  const run = bind(operation, surroundings)
  if (typeof run === 'string') diagnostics.push(wrong(`${pointer}/binding`, run))
  if (diagnostics.length > 0) return diagnostics
  return { run: run as ToolRun, timeoutMs: operation.timeoutMs ?? TIMEOUT_MS, ...checks }
}

/** What does the operation; a text says why it cannot be had. */
function bind(
  { binding, outputBytesMax = OUTPUT_BYTES_MAX }: ManifestOperation,
  { folder, functions = {} }: Surroundings,
): ToolRun | string {
  if ('http' in binding) {
    const url = URL.parse(binding.http.url)
    if (!url || !/^https?:$/.test(url.protocol)) return `${JSON.stringify(binding.http.url)} is no http: or https: URL`
    return bindHttp(binding.http, outputBytesMax)
  }
  if ('command' in binding) {
    const [command = '', ...args] = binding.command
    // The environment is empty, so that there is no list of folders in which a bare name could be found.
    if (!command.includes('/')) return `expected the path of a command, such as ./${command}, not a bare name`
    return bindCommand([resolve(folder, command), ...args], folder, outputBytesMax)
  }
  const named = Object.hasOwn(functions, binding.function) ? functions[binding.function] : undefined
  if (!named) return `there is no function ${binding.function} here`
  return async (input, { key, signal, name }) => {
    try {
      return await named(input, { key, signal })
    } catch (error) {
      throw new EffectFailure('failed', `${name}: ${error instanceof Error ? error.message : 'it failed'}`)
    }
  }
}
