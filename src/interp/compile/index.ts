import { admits, localsOf, UNDEFINED, type Func, type Module, type Type } from '../../ir/index.ts'
import { Assembler, Label, Registers } from '../assembler.ts'
import type { Bytecode, FuncCode, Handler, Slot } from '../bytecode.ts'
import { bankOf, KIND, kindOf } from '../kinds.ts'
import { expression, hoistKey } from './expr.ts'
import { findInlinable } from './inline.ts'
import type { CompileOptions, Scope } from './scope.ts'
import { statements } from './stmt.ts'
import { surveyFunction, type Survey } from './survey.ts'

export type { CompileOptions } from './scope.ts'

/** Address of the instruction that ends a run; what is before it reads as a call whose frame begins at 0. */
export const HALT_PC = 6

/**
 * Compiles a checked module to code of the register machine.
 * `cyclic` are the functions on call cycles, whose calls count. spec: fuel
 */
export function compileModule(
  module: Module,
  cyclic: ReadonlySet<number>,
  options: CompileOptions = { plain: false, debug: false },
): Bytecode {
  const asm = new Assembler()
  asm.emit('UNREACHABLE')
  asm.emit('HALT')
  const inlinable = options.plain || options.debug ? () => undefined : findInlinable(module, cyclic)
  let frameMax = 0
  const funcs = module.funcs.map((func, index) => {
    const regs = new Registers()
    const code = compileFunction(module, func, index, { cyclic, options, asm, regs, inlinable })
    frameMax = Math.max(frameMax, regs.max[0] + regs.max[1] + regs.max[2])
    return code
  })
  return {
    module,
    code: asm.finish((func) => funcs[func].entry),
    numbers: Float64Array.from(asm.numbers),
    refs: asm.refs,
    sites: asm.sites,
    funcs,
    frameMax,
    orderCount: asm.orderCount,
    spanPcs: Int32Array.from(asm.spanPcs),
    spans: asm.spans,
    debug: options.debug,
  }
}

type Shared = Pick<Scope, 'cyclic' | 'options' | 'asm' | 'regs' | 'inlinable'>

function compileFunction(module: Module, func: Func, funcIndex: number, shared: Shared): FuncCode {
  const { asm, regs, cyclic } = shared
  const survey = surveyFunction(func, shared.inlinable)
  const slots = placeLocals(func, regs, shared.options.plain || shared.options.debug ? NO_ALIASES : survey.aliases)
  const localRegs = regs.mark()
  const hoisted = shared.options.plain ? new Map<string, number>() : hoist(regs, survey)
  const handlers: Handler[] = []
  const scope: Scope = {
    ...shared,
    module,
    func,
    funcIndex,
    slots,
    localRegs,
    exits: [],
    handlers,
    hoisted,
    assignedIn: survey.assignedIn,
    body: (list) => statements(scope, list),
    value: (e, into) => expression(scope, e, into),
  }
  const start = asm.pc
  asm.enterFunction(func.span)
  statements(scope, func.body)
  asm.emit('UNREACHABLE')
  const entry = emitPrologue(scope, survey, start)
  const captured = func.params.length + func.captures.length
  return {
    name: func.name,
    entry,
    start,
    end: asm.pc,
    cyclic: cyclic.has(funcIndex),
    params: slots.slice(0, func.params.length),
    captures: slots.slice(func.params.length, captured),
    locals: slots,
    resultKind: kindOf(func.result),
    handlers,
  }
}

const NO_ALIASES: ReadonlyMap<number, number> = new Map()

/** Registers of the locals, in their order in each bank: parameters come first, where calls put them. */
function placeLocals(func: Func, regs: Registers, aliases: ReadonlyMap<number, number>): Slot[] {
  const locals = localsOf(func)
  const own = locals.map(({ name, type }, i): Slot | undefined => {
    const kind = kindOf(type)
    return aliases.has(i) ? undefined : { name, kind, reg: regs.take(bankOf(kind)) }
  })
  return locals.map((_, i) => own[aliases.get(i) ?? i]!)
}

/** Gives constants of loops registers of their own, above the locals. */
function hoist(regs: Registers, survey: Survey): Map<string, number> {
  return new Map(survey.loopConstants.map((value) => [hoistKey(value), regs.take(typeof value === 'number' ? 0 : 2)]))
}

/** What runs once per call, behind the body since only now it is known; the address where the function begins. */
function emitPrologue({ asm, slots, func, hoisted, options }: Scope, survey: Survey, start: number): number {
  const entry = asm.pc
  const types = localsOf(func).map((local) => local.type)
  const first = func.params.length + func.captures.length
  // Whoever looks at a paused machine must not see what an earlier call left behind.
  const zeroed = options.debug ? types.keys().filter((local) => local >= first) : survey.needZero
  for (const local of zeroed) {
    const { kind, reg } = slots[local]
    if (kind === KIND.f64) asm.emit('LDK_F', reg, asm.number(0))
    else if (kind === KIND.ref) asm.emit('LDK_R', reg, asm.ref(zeroOf(types[local])))
    else asm.emit('LDK_I', reg, 0)
  }
  for (const value of survey.loopConstants) {
    const reg = hoisted.get(hoistKey(value))
    if (reg === undefined) continue
    if (typeof value === 'number') asm.emit('LDK_F', reg, asm.number(value))
    else asm.emit('LDK_R', reg, asm.ref(value))
  }
  if (asm.pc === entry) return start
  const body = new Label()
  body.pc = start
  asm.jump('JMP', body)
  return entry
}

/** The value of a local that was not set; of other types the checker knows that they are set first. spec: module#locals */
function zeroOf(type: Type): unknown {
  return type.kind === 'string' && !admits(type, UNDEFINED) ? '' : undefined
}
