import { create } from '@bufbuild/protobuf'
import { eachExpr, encodeModule, opRow, type Module } from '../ir/index.ts'
import type { BuildParts } from './build/description.ts'
import { describeExecution } from './build/execution.ts'
import { SemanticBuilder } from './build/semantic.ts'
import { VERSION_CURRENT, type Document } from './document.ts'
import { documentId } from './identity.ts'
import { isProgramName, isProgramVersion } from './names.ts'
import { ANRFSchema, ExecutionLayerSchema } from './schema/gen/anrf_pb.ts'
import { createSecurity } from './security.ts'

/**
 * Makes the document of a compiled program: the three layers with references both ways, the
 * security section, the identity. The result depends on `parts` alone, never on time, place or
 * machine. `name` and `version` must be well formed (`isProgramName`, `isProgramVersion`).
 */
export function buildDocument(parts: BuildParts): Document {
  if (!isProgramName(parts.name)) throw new Error(`${JSON.stringify(parts.name)} is not a program name`)
  if (!isProgramVersion(parts.version)) throw new Error(`${JSON.stringify(parts.version)} is not a version`)
  const graph = describeExecution(parts.module)
  const builder = new SemanticBuilder(parts, graph)
  const semantic = builder.finish(parts, graph)
  const intent = builder.intent.finish(parts)
  const execution = create(ExecutionLayerSchema, { format: 'ir', code: encodeModule(parts.module), ...graph })
  const security = createSecurity(capabilitiesOf(parts), parts.limits)
  const document = {
    ...create(ANRFSchema, { version: VERSION_CURRENT, metadata: { name: parts.name, version: parts.version } }),
    intent,
    semantic,
    execution,
    security,
  }
  return { ...document, anrfId: documentId(document) }
}

/** The capabilities that the operations of a module use, sorted by name. */
export function usedCapabilities(module: Module): string[] {
  const used = new Set<string>()
  for (const func of module.funcs)
    for (const expr of eachExpr(func.body)) {
      if (expr.kind !== 'op') continue
      const asked = opRow(expr.op).capability
      if (asked) used.add(asked === '*' ? capabilityOf(expr.imm[0] as string) : asked)
    }
  return [...used].sort()
}

/** Whether a module may begin calls of effects, which somebody has to answer. */
export function usesEffects(module: Module): boolean {
  return module.funcs.some((func) => {
    for (const expr of eachExpr(func.body)) if (expr.kind === 'op' && expr.op === 'effect.start') return true
    return false
  })
}

/** The capability of an effect: what stands before the dot of its name. */
const capabilityOf = (effect: string): string => effect.slice(0, effect.indexOf('.'))

function capabilitiesOf(parts: BuildParts): NonNullable<BuildParts['capabilities']> {
  const asked = parts.capabilities ?? []
  const shown = usedCapabilities(parts.module).filter((name) => !asked.some((c) => c.name === name))
  return [...asked, ...shown.map((name) => ({ name }))].sort((a, b) => (a.name < b.name ? -1 : 1))
}
