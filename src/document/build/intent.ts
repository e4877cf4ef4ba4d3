import { create } from '@bufbuild/protobuf'
import { wellFormed } from '../names.ts'
import {
  ConstraintSchema,
  IntentLayerSchema,
  type Constraint,
  type IntentLayer,
  type Node,
} from '../schema/gen/anrf_pb.ts'
import type { BuildParts, Documentation } from './description.ts'

/** Collects the intent of a program while its semantic nodes are made. */
export class IntentBuilder {
  readonly #constraints: Constraint[] = []
  readonly #tags = new Set<string>()
  readonly #newId: (prefix: string, name: string) => string

  constructor(newId: (prefix: string, name: string) => string) {
    this.#newId = newId
  }

  /** Enters what JSDoc says about a declaration: its purpose and contracts, each linked with the node both ways. */
  describe(node: Node, docs: Documentation | undefined): void {
    if (!docs) return
    if (docs.description !== '') this.#add(node, 'purpose', docs.description, '')
    for (const { kind, formalSpec } of docs.contracts) this.#add(node, kind, `${kind} of ${node.label}`, formalSpec)
    for (const { name, text } of docs.tags)
      if (name === 'tags' || name === 'tag') this.tag(text.split(/[\s,]+/))
      else node.properties[`jsdoc_${wellFormed(name)}`] = wellFormed(text)
    if (docs.returns !== undefined && docs.returns !== '') node.properties['returns'] = wellFormed(docs.returns)
  }

  tag(tags: readonly string[]): void {
    for (const tag of tags) if (tag !== '') this.#tags.add(wellFormed(tag))
  }

  finish(parts: BuildParts): IntentLayer {
    const { intent } = parts.program
    this.tag(intent.tags)
    return create(IntentLayerSchema, {
      intentType: 'program',
      description: wellFormed(intent.description) || this.#summary(parts),
      constraints: this.#constraints,
      tags: [...this.#tags].sort(),
    })
  }

  /** A program without JSDoc on top is described by its entries. */
  #summary(parts: BuildParts): string {
    const names = parts.module.entries.map((entry) => wellFormed(entry.name))
    if (names.length === 0) return `${parts.name}: a program without entries`
    return `${parts.name}: ${names.join(', ')}`
  }

  #add(node: Node, type: string, description: string, formalSpec: string): void {
    const constraintId = this.#newId(type, node.label)
    const semanticRefs = [node.nodeId]
    const texts = { description: wellFormed(description), formalSpec: wellFormed(formalSpec) }
    this.#constraints.push(create(ConstraintSchema, { constraintId, type, ...texts, semanticRefs }))
    node.intentRefs.push(constraintId)
  }
}
