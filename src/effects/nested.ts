/** What a run uses up that the programs that it calls use up with it: units of fuel, bytes of allocation, calls of effects. */
export type Amounts = { readonly fuel: number; readonly allocation: number; readonly effects: number }

/** What a run says that it has left: the engine counts it. */
export type Left = Pick<Amounts, 'fuel' | 'allocation'>

export const NO_AMOUNTS: Amounts = { fuel: 0, allocation: 0, effects: 0 }

/** The effect by which a run has other programs run, within what it has left itself. */
export const PROGRAM_CALL = 'programs.call'

/** What a run keeps for itself while programs run that it called: an eighth, so that it can do something about them. */
const KEPT = 8

/**
 * What each of `among` programs gets that begin together, of what their caller has free. Whole numbers, so that every mode and every
 * machine gives the same.
 */
export function shareOf(free: number, among: number): number {
  return Math.max(0, Math.floor((free - Math.ceil(free / KEPT)) / among))
}

export const mapAmounts = (make: (name: keyof Amounts) => number): Amounts => ({
  fuel: make('fuel'),
  allocation: make('allocation'),
  effects: make('effects'),
})
