// A lending library in one file: the program that the compile-time benchmark reads. It is ordinary on
// purpose: interfaces, classes, tagged records, closures, text reports and input checks.

export interface Book {
  readonly isbn: string
  readonly title: string
  readonly author: string
  readonly year: number
  copies: number
}

export interface Member {
  readonly id: number
  readonly name: string
  readonly plan: Plan
  finesDue: number
}

export interface Loan {
  readonly isbn: string
  readonly memberId: number
  readonly due: number
  renewals: number
}

export type Plan = 'basic' | 'student' | 'family'

export type Command =
  | { kind: 'add-book'; isbn: string; title: string; author: string; year: number; copies: number }
  | { kind: 'join'; name: string; plan: Plan }
  | { kind: 'borrow'; member: number; isbn: string }
  | { kind: 'give-back'; member: number; isbn: string }
  | { kind: 'renew'; member: number; isbn: string }
  | { kind: 'pay'; member: number; cents: number }
  | { kind: 'wait'; days: number }

export interface Statistics {
  day: number
  books: number
  copiesOut: number
  finesDue: number
  overdue: string[]
  ranking: { name: string; loans: number }[]
}

export interface Result {
  accepted: number
  rejected: string[]
  statistics: Statistics
  report: string
}

interface PlanTerms {
  readonly plan: Plan
  readonly books: number
  readonly days: number
  readonly renewals: number
  readonly finePerDay: number
}

const TERMS: readonly PlanTerms[] = [
  { plan: 'basic', books: 3, days: 14, renewals: 1, finePerDay: 25 },
  { plan: 'student', books: 5, days: 28, renewals: 2, finePerDay: 10 },
  { plan: 'family', books: 10, days: 21, renewals: 2, finePerDay: 20 },
]

const FINE_LIMIT = 1000

function termsOf(plan: Plan): PlanTerms {
  const terms = TERMS.find((t) => t.plan === plan)
  if (terms === undefined) throw new RangeError(`unknown plan: ${plan}`)
  return terms
}

/** ISBN-13 check digit: weights 1 and 3 in turn. */
export function isIsbn(text: string): boolean {
  const digits = text.split('-').join('')
  if (digits.length !== 13) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return false
    sum += i % 2 === 0 ? digit : digit * 3
  }
  return sum % 10 === 0
}

class Catalogue {
  #books: Book[] = []

  add(book: Book): void {
    const known = this.find(book.isbn)
    if (known !== undefined) known.copies += book.copies
    else this.#books.push(book)
  }

  find(isbn: string): Book | undefined {
    return this.#books.find((b) => b.isbn === isbn)
  }

  get(isbn: string): Book {
    const book = this.find(isbn)
    if (book === undefined) throw new Error(`no book ${isbn}`)
    return book
  }

  search(words: string): Book[] {
    const wanted = words
      .toLowerCase()
      .split(' ')
      .filter((w) => w !== '')
    return this.#books.filter((b) => {
      const text = `${b.title} ${b.author}`.toLowerCase()
      return wanted.every((w) => text.includes(w))
    })
  }

  get size(): number {
    return this.#books.length
  }
}

class Members {
  static #nextId = 1
  #members: Member[] = []

  join(name: string, plan: Plan): Member {
    if (name.trim() === '') throw new TypeError('a member needs a name')
    const member = { id: Members.#nextId++, name: name.trim(), plan, finesDue: 0 }
    this.#members.push(member)
    return member
  }

  get(id: number): Member {
    const member = this.#members.find((m) => m.id === id)
    if (member === undefined) throw new Error(`no member ${id}`)
    return member
  }

  map<T>(f: (m: Member) => T): T[] {
    return this.#members.map(f)
  }

  get finesDue(): number {
    return this.#members.reduce((sum, m) => sum + m.finesDue, 0)
  }
}

class Library {
  readonly catalogue = new Catalogue()
  readonly members = new Members()
  #loans: Loan[] = []
  #history: number[] = []
  #day = 0

  get day(): number {
    return this.#day
  }

  wait(days: number): void {
    if (!Number.isInteger(days) || days < 0) throw new RangeError(`cannot wait ${days} days`)
    this.#day += days
  }

  borrow(memberId: number, isbn: string): Loan {
    const member = this.members.get(memberId)
    const book = this.catalogue.get(isbn)
    const terms = termsOf(member.plan)
    if (member.finesDue > FINE_LIMIT) throw new Error(`${member.name} owes ${formatMoney(member.finesDue)}`)
    if (this.#loansOf(memberId).length >= terms.books)
      throw new Error(`${member.name} has ${terms.books} books already`)
    if (this.#copiesOut(isbn) >= book.copies) throw new Error(`no copy of "${book.title}" is left`)
    const loan: Loan = { isbn, memberId, due: this.#day + terms.days, renewals: 0 }
    this.#loans.push(loan)
    this.#history.push(memberId)
    return loan
  }

  giveBack(memberId: number, isbn: string): number {
    const at = this.#loans.findIndex((l) => l.memberId === memberId && l.isbn === isbn)
    if (at < 0) throw new Error(`member ${memberId} has not borrowed ${isbn}`)
    const [loan] = this.#loans.splice(at, 1)
    const member = this.members.get(memberId)
    const late = Math.max(0, this.#day - loan.due)
    const fine = late * termsOf(member.plan).finePerDay
    member.finesDue += fine
    return fine
  }

  renew(memberId: number, isbn: string): void {
    const loan = this.#loansOf(memberId).find((l) => l.isbn === isbn)
    if (loan === undefined) throw new Error(`member ${memberId} has not borrowed ${isbn}`)
    const terms = termsOf(this.members.get(memberId).plan)
    if (loan.due < this.#day) throw new Error('an overdue loan cannot be renewed')
    if (loan.renewals >= terms.renewals) throw new Error(`renewed ${loan.renewals} times already`)
    this.#loans = this.#loans.map((l) => (l === loan ? { ...l, due: l.due + terms.days, renewals: l.renewals + 1 } : l))
  }

  pay(memberId: number, cents: number): void {
    const member = this.members.get(memberId)
    if (cents <= 0) throw new RangeError('a payment must be positive')
    if (cents > member.finesDue) throw new RangeError(`${member.name} owes only ${formatMoney(member.finesDue)}`)
    member.finesDue -= cents
  }

  statistics(): Statistics {
    const overdue = this.#loans
      .filter((l) => l.due < this.#day)
      .sort((a, b) => a.due - b.due)
      .map(
        (l) => `${this.catalogue.get(l.isbn).title} (${this.members.get(l.memberId).name}, ${this.#day - l.due} days)`,
      )
    const ranking = this.members
      .map((m) => ({ name: m.name, loans: this.#history.filter((id) => id === m.id).length }))
      .filter((r) => r.loans > 0)
      .sort((a, b) => b.loans - a.loans || compareText(a.name, b.name))
    return {
      day: this.#day,
      books: this.catalogue.size,
      copiesOut: this.#loans.length,
      finesDue: this.members.finesDue,
      overdue,
      ranking,
    }
  }

  #loansOf(memberId: number): Loan[] {
    return this.#loans.filter((l) => l.memberId === memberId)
  }

  #copiesOut(isbn: string): number {
    let count = 0
    for (const loan of this.#loans) {
      if (loan.isbn === isbn) count++
    }
    return count
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function formatMoney(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

function apply(library: Library, c: Command): void {
  switch (c.kind) {
    case 'add-book': {
      if (!isIsbn(c.isbn)) throw new TypeError(`not an ISBN: ${c.isbn}`)
      const { isbn, title, author, year, copies } = c
      library.catalogue.add({ isbn, title, author, year, copies })
      break
    }
    case 'join': {
      const member = library.members.join(c.name, c.plan)
      console.log(`${member.name} joined as number ${member.id}`)
      break
    }
    case 'borrow':
      library.borrow(c.member, c.isbn)
      break
    case 'give-back': {
      const fine = library.giveBack(c.member, c.isbn)
      if (fine > 0) console.log(`fine of ${formatMoney(fine)} for member ${c.member}`)
      break
    }
    case 'renew':
      library.renew(c.member, c.isbn)
      break
    case 'pay':
      library.pay(c.member, c.cents)
      break
    case 'wait':
      library.wait(c.days)
  }
}

function renderReport(s: Statistics): string {
  const lines = [`Day ${s.day}: ${s.copiesOut} books out, ${formatMoney(s.finesDue)} due`]
  if (s.overdue.length > 0) lines.push('Overdue:', ...s.overdue.map((o) => `  - ${o}`))
  if (s.ranking.length > 0) {
    const width = s.ranking.reduce((w, r) => Math.max(w, r.name.length), 0)
    lines.push('Readers:')
    for (const [i, { name, loans }] of s.ranking.entries()) {
      lines.push(`  ${String(i + 1).padStart(2)}. ${name.padEnd(width)} ${'*'.repeat(loans)}`)
    }
  }
  return lines.join('\n')
}

/**
 * Runs a library on a list of commands; one that the rules forbid is rejected and changes nothing.
 *
 * @param commands what happens, in order
 * @returns how many commands were accepted, why others were not, and the state at the end
 * @ensures result.accepted + result.rejected.length === commands.length
 */
export function run(commands: Command[]): Result {
  const library = new Library()
  const rejected: string[] = []
  let accepted = 0
  commands.forEach((command, i) => {
    try {
      apply(library, command)
      accepted++
    } catch (error) {
      if (!(error instanceof Error)) throw error
      rejected.push(`command ${i + 1} (${command.kind}): ${error.message}`)
    }
  })
  const statistics = library.statistics()
  return { accepted, rejected, statistics, report: renderReport(statistics) }
}
