import type { Document } from './document.ts'
import type { Report } from './report.ts'
import { checkRequired, checkUnique } from './rules/fields.ts'
import {
  checkConstraints,
  checkCoverage,
  checkEdges,
  checkExecutionRefs,
  checkIntentRefs,
  checkSymbols,
  checkTypes,
} from './rules/references.ts'
import { checkSecurity } from './security.ts'

/** A validation rule of documents. `doc` is what docs/DOCUMENT.md says; `check` reports every violation. */
export type Rule = {
  readonly name: string
  readonly doc: string
  readonly check: (document: Document, report: Report) => void
}

/** The rules, in the order in which they are checked: those of the published v1 schema, then ours. */
export const RULES: readonly Rule[] = [
  {
    name: 'required-fields',
    doc: 'fields that every document, node, edge and type needs are not empty; `name` and `version` of the metadata are well formed',
    check: checkRequired,
  },
  { name: 'unique-ids', doc: 'ids are unique in their list, field names in their type', check: checkUnique },
  { name: 'edges-resolve', doc: 'edges, inputs and outputs name nodes of their layer', check: checkEdges },
  { name: 'symbols-resolve', doc: 'the symbol table names semantic nodes', check: checkSymbols },
  {
    name: 'types-resolve',
    doc: 'types that nodes, fields and types refer to are defined, and are of a known kind',
    check: checkTypes,
  },
  {
    name: 'execution-refs',
    doc: 'a semantic node and an execution node that refer to each other do so both ways',
    check: checkExecutionRefs,
  },
  {
    name: 'intent-refs',
    doc: 'a semantic node and a constraint that refer to each other do so both ways',
    check: checkIntentRefs,
  },
  {
    name: 'coverage',
    doc: 'every function, parameter and variable of the execution layer is named by a semantic node',
    check: checkCoverage,
  },
  {
    name: 'constraints-checkable',
    doc: 'a constraint with a formal_spec names the semantic nodes that it is about',
    check: checkConstraints,
  },
  {
    name: 'security',
    doc: 'the security section is complete; an override has a justification and an approval',
    check: (d, report) => checkSecurity(d.security, '/security', report),
  },
]

/** Checks all rules; every violation is reported with its pointer. */
export function checkRules(document: Document, report: Report): void {
  for (const rule of RULES) rule.check(document, report)
}
