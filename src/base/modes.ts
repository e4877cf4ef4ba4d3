/** The modes of execution, which give the same outcome: how each runs a program. */
const RUN_MODES = {
  interpret: 'by a register machine, step by step',
  jit: 'compiled to WebAssembly',
} as const

export type Mode = keyof typeof RUN_MODES

/** What may be asked for: a mode, or that one be chosen. */
export const MODE_CHOICES = ['auto', ...(Object.keys(RUN_MODES) as Mode[])] as const

export type ModeChoice = (typeof MODE_CHOICES)[number]

/** The mode that runs what was asked for. */
export function resolveMode(choice: ModeChoice = 'auto'): Mode {
  return choice === 'auto' ? 'interpret' : choice
}
