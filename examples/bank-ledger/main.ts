import { Account, LedgerError } from './account.ts'

export interface Transaction {
  kind: 'open' | 'deposit' | 'withdraw' | 'transfer'
  account: string
  amount: number
  to?: string
}

export interface Balance {
  account: string
  balance: number
  entries: number
}

export interface LedgerResult {
  balances: Balance[]
  rejected: string[]
  total: number
}

class Ledger {
  #accounts: Account[] = []

  open(name: string, amount: number): void {
    if (this.#accounts.some((a) => a.name === name)) throw LedgerError(`account ${name} exists`)
    this.#accounts.push(new Account(name, amount))
  }

  find(name: string): Account {
    const account = this.#accounts.find((a) => a.name === name)
    if (account === undefined) throw LedgerError(`no account ${name}`)
    return account
  }

  /** Moves money or changes nothing at all. */
  transfer(from: string, to: string, amount: number): void {
    const source = this.find(from)
    const target = this.find(to)
    source.withdraw(amount)
    target.deposit(amount)
  }

  get accounts(): readonly Account[] {
    return this.#accounts
  }
}

/**
 * Books transactions in order. One that cannot be booked, an overdraft above all, is rejected whole and
 * the rest goes on; in strict mode the first rejection ends the run with its error.
 *
 * @param transactions what to book; amounts are whole cents
 * @param strict whether to stop at the first rejection
 * @returns the balances, the reasons for rejections and the sum of all balances
 * @ensures result.balances.every((b) => b.balance >= 0)
 */
export function book(transactions: Transaction[], strict: boolean = false): LedgerResult {
  const ledger = new Ledger()
  const rejected: string[] = []
  for (const [i, t] of transactions.entries()) {
    try {
      apply(ledger, t)
      console.log(`#${i + 1} ${t.kind} ${t.account} ${t.amount}`)
    } catch (error) {
      if (strict || !(error instanceof Error)) throw error
      rejected.push(`#${i + 1} ${error.name}: ${error.message}`)
    }
  }
  const balances = ledger.accounts.map(({ name, balance, entries }) => ({ account: name, balance, entries }))
  return { balances, rejected, total: balances.reduce((sum, b) => sum + b.balance, 0) }
}

function apply(ledger: Ledger, t: Transaction): void {
  switch (t.kind) {
    case 'open':
      return ledger.open(t.account, t.amount)
    case 'deposit':
      return ledger.find(t.account).deposit(t.amount)
    case 'withdraw':
      return ledger.find(t.account).withdraw(t.amount)
    case 'transfer':
      if (t.to === undefined) throw LedgerError('a transfer needs a target')
      return ledger.transfer(t.account, t.to, t.amount)
  }
}
