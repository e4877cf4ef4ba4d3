import { classForm } from '../../ir/index.ts'
import type { HClass, HFunc } from '../hir.ts'

/** How console shows a function that is no plain one, as the IR has it (`isForm`). */
export function formOf({ form, makes }: HFunc): string | undefined {
  return typeof makes === 'object' ? classForm(baseName(makes)) : form
}

/** The name of the class that a class extends, as the program knows it. */
function baseName({ base, error, extended }: HClass): string {
  if (!base) return error ?? ''
  // Those of the prelude that stand for Map and Set have names of their own.
  return base.base === null && extended !== null ? extended : base.name
}
