/** An error of the ledger, told apart from others by its name. */
export function LedgerError(message: string): Error {
  const error = new Error(message)
  error.name = 'LedgerError'
  return error
}

/** An account that cannot be overdrawn. Amounts are whole cents. */
export class Account {
  readonly name: string
  #balance = 0
  #entries = 0

  constructor(name: string, amount: number) {
    this.name = name
    if (amount !== 0) this.deposit(amount)
  }

  get balance(): number {
    return this.#balance
  }

  get entries(): number {
    return this.#entries
  }

  deposit(amount: number): void {
    this.#check(amount)
    this.#balance += amount
    this.#entries++
  }

  withdraw(amount: number): void {
    this.#check(amount)
    if (amount > this.#balance) {
      throw LedgerError(`overdraft on ${this.name}: balance ${this.#balance}, asked for ${amount}`)
    }
    this.#balance -= amount
    this.#entries++
  }

  #check(amount: number): void {
    if (!Number.isSafeInteger(amount) || amount <= 0) throw new RangeError(`bad amount ${amount}`)
  }
}
