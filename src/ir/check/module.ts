import { BOUNDS } from '../bounds.ts'
import {
  ERROR_DEF,
  ERROR_OBJECT,
  localsOf,
  type Entry,
  type Field,
  type Func,
  type Module,
  type ObjectDef,
} from '../module.ts'
import { isTypedObject } from '../typed-arrays.ts'
import { admits, formatType, optional, partsOf, sameType, STRING, UNDEFINED, type Type } from '../types.ts'
import { fault, type Fault } from './rules.ts'
import type { TypeJudge } from './well-formed.ts'

type Report = (fault: Fault, where: string) => void

/** Checks what a module declares: objects, globals, signatures and locals of functions, the initialiser, entries. */
export function checkDeclarations(module: Module, judge: TypeJudge, report: Report): void {
  checkObjects(module, judge, report)
  for (const [i, global] of module.globals.entries()) {
    const wrong = judge.value(global.type)
    if (wrong) report(wrong, `global ${i} ${global.name}`)
  }
  for (const [i, func] of module.funcs.entries())
    checkSignature(func, judge, (wrong) => report(wrong, `function ${i} ${func.name}`))
  const init = module.funcs[module.init]
  if (!init || init.params.length + init.captures.length > 0)
    report(fault('init', `function ${module.init} is missing or takes something`), 'the module')
  checkEntries(module, judge, report)
}

function checkObjects(module: Module, judge: TypeJudge, report: Report): void {
  if (!isErrorObject(module)) report(fault('error-object', 'definition 0 is not that of Error'), 'the module')
  for (const [i, def] of module.objects.entries()) {
    const where = `object ${i} ${def.name}`
    if (def.role === 'error' && !beginsAsError(def)) report(fault('error-object', 'does not begin as Error'), where)
    if (def.role === 'regexp' && !isRegexpObject(def)) report(fault('regexp-object', 'its fields are others'), where)
    if (def.role === 'date' && !isDateObject(def)) report(fault('date-object', 'its fields are others'), where)
    if (def.role === 'symbol' && !isSymbolObject(def)) report(fault('symbol-object', 'its fields are others'), where)
    if (def.role === 'typed' && !isTypedObject(def, module.objects))
      report(fault('typed-object', 'its name or its fields are others'), where)
    if (def.role === 'buffer' && (def.name !== 'ArrayBuffer' || def.fields.length > 0))
      report(fault('buffer-object', 'its name or its fields are others'), where)
    if (def.tag !== undefined && (def.role !== 'class' || def.tag === ''))
      report(fault('class-tag', `the tag ${def.tag}`), where)
    const twice = repeated(namesOf(def))
    if (twice !== undefined) report(fault('field-names', `two fields are called ${twice}`), where)
    for (const field of def.fields) {
      const wrong = judge.value(field.type)
      if (wrong) report(wrong, `field ${field.name} of ${where}`)
      if (field.optional && (def.role === 'regexp' || def.role === 'date'))
        report(fault('field-optional', `field ${field.name}`), where)
    }
  }
}

/** The names of fields that are not there twice: the name of an error is hidden, and may be a key as well. */
function namesOf({ role, fields }: ObjectDef): string[] {
  const apart = role === 'error' ? fields.filter((field, i) => i > 0 || field.name !== 'name') : fields
  return apart.map(({ name }) => name)
}

function isRegexpObject({ fields }: ObjectDef): boolean {
  const isText = (name: string): boolean => fields.some((field) => field.name === name && field.type.kind === 'string')
  return isText('#source') && isText('#flags') && fields.every((field) => field.hidden === true)
}

function isDateObject({ fields: [first, ...others] }: ObjectDef): boolean {
  return first?.name === '#ms' && first.type.kind === 'f64' && first.hidden === true && others.length === 0
}

function isSymbolObject({ fields: [first, ...others] }: ObjectDef): boolean {
  const isText = first !== undefined && sameType(first.type, optional(STRING))
  return first?.name === '#description' && isText && first.hidden === true && !first.optional && others.length === 0
}

function isErrorObject(module: Module): boolean {
  const def = module.objects[ERROR_DEF]
  return (
    def?.role === ERROR_OBJECT.role &&
    def.name === ERROR_OBJECT.name &&
    beginsAsError(def) &&
    def.fields.slice(ERROR_OBJECT.fields.length).every(({ optional }) => optional)
  )
}

function beginsAsError(def: ObjectDef): boolean {
  const same = (a: Field, b: Field | undefined): boolean =>
    a.name === b?.name && sameType(a.type, b.type) && !a.optional === !b.optional && !a.hidden === !b.hidden
  return ERROR_OBJECT.fields.every((field, i) => same(field, def.fields[i]))
}

function checkSignature(func: Func, judge: TypeJudge, report: (fault: Fault) => void): void {
  const locals = localsOf(func)
  if (locals.length > BOUNDS.locals) report(fault('local-count', `there are ${locals.length}`))
  for (const type of new Set(locals.map((l) => l.type))) {
    const wrong = judge.local(type)
    if (wrong) report(wrong)
  }
  const wrong = judge.value(func.result)
  if (wrong) report(wrong)
}

function checkEntries(module: Module, judge: TypeJudge, report: Report): void {
  const twice = repeated(module.entries.map((e) => e.name))
  if (twice !== undefined) report(fault('entry-names', `two entries are called ${twice}`), 'the module')
  for (const entry of module.entries) {
    for (const wrong of entryFaults(module, entry, judge)) report(wrong, `entry ${entry.name}`)
  }
}

function* entryFaults(module: Module, entry: Entry, judge: TypeJudge): Generator<Fault> {
  const twice = repeated(entry.params.map((p) => p.name))
  if (twice !== undefined) yield fault('entry-names', `two parameters are called ${twice}`)
  const wrong = [...entry.params.map((p) => p.type), entry.result].map((type) => judge.value(type)).find((f) => f)
  if (wrong) return yield wrong
  const func = module.funcs[entry.func]
  if (!func || func.captures.length > 0 || !sameSignature(entry, func))
    yield fault('entry-function', `function ${entry.func} is missing, has captures or has other types`)
  for (const param of entry.params) {
    if (param.optional && !admits(param.type, UNDEFINED)) yield fault('entry-optional', `parameter ${param.name}`)
    const unfit = unfitForJson(module, param.type)
    if (unfit) yield fault('entry-types', `parameter ${param.name} holds a ${formatType(unfit)}`)
  }
}

function sameSignature(entry: Entry, func: Func): boolean {
  const { params } = entry
  return (
    params.length === func.params.length &&
    params.every((param, i) => sameType(param.type, func.params[i]!.type)) &&
    sameType(entry.result, func.result)
  )
}

/** A part of the type, also in fields, that no JSON value can be decoded to. */
function unfitForJson(module: Module, type: Type): Type | undefined {
  const seen = new Set<number>()
  const left = [type]
  for (let next = left.pop(); next; next = left.pop()) {
    if (next.kind === 'func' || next.kind === 'i32') return next
    left.push(...partsOf(next))
    if (next.kind !== 'object' || seen.has(next.id)) continue
    seen.add(next.id)
    const def = module.objects[next.id]
    if (def?.role === 'typed' && def.name !== 'DataView') continue
    if (def?.role !== 'record') return next
    left.push(...def.fields.map((f) => f.type))
  }
  return undefined
}

function repeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return names.find((name) => seen.size === seen.add(name).size)
}
