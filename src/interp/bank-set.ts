/** The banks of a machine: doubles, integers, references, and addresses to return to. All have the same length. */
export type BankSet = {
  readonly F: Float64Array
  readonly I: Int32Array
  readonly R: unknown[]
  readonly S: Int32Array
}

export const NO_BANKS: BankSet = { F: new Float64Array(0), I: new Int32Array(0), R: [], S: new Int32Array(0) }

/** Registers of each bank that every run begins with. */
const START = 64

/** What a run has left, wiped: making banks takes longer than a small run. */
let spare: BankSet | undefined

/** Banks of the first size, or larger ones where `need` registers do not fit. */
export function takeBanks(need: number): BankSet {
  if (need > START || !spare) return enlargeBanks(NO_BANKS, need)
  const banks = spare
  spare = undefined
  return banks
}

/** How many registers banks have that hold `need` and were doubled until they did. */
export function lengthFor({ S }: BankSet, need: number): number {
  let length = Math.max(START, S.length)
  while (length < need) length *= 2
  return length
}

/** With what the old ones hold. */
export function enlargeBanks(old: BankSet, need: number): BankSet {
  const length = lengthFor(old, need)
  return {
    F: enlarged(old.F, new Float64Array(length)),
    I: enlarged(old.I, new Int32Array(length)),
    R: enlargedList(old.R, length),
    S: enlarged(old.S, new Int32Array(length)),
  }
}

/** Hands over the banks of a run that has ended. Those that grew go with it. */
export function giveBackBanks({ F, I, R, S }: BankSet): void {
  if (S.length > START) return
  for (const bank of [F, I, S]) bank.fill(0)
  R.fill(undefined)
  spare = { F, I, R, S }
}

function enlarged<T extends Float64Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}

/** Made with holes first, so that the host keeps all banks of references in one and the same representation. */
function enlargedList(old: readonly unknown[], length: number): unknown[] {
  const list: unknown[] = new Array(length)
  for (let i = 0; i < length; i++) list[i] = old[i]
  return list
}
