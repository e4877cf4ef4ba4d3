export interface Payment {
  month: number
  interest: number
  principal: number
  balance: number
}

export interface Schedule {
  payment: number
  payments: Payment[]
  totalInterest: number
}

/**
 * The repayment plan of a loan with equal monthly payments. Amounts are whole cents; the last payment
 * settles what rounding has left over.
 *
 * @param amount the loan in cents
 * @param yearlyPercent interest per year, 4.5 for 4.5 percent
 * @param months the number of payments
 * @param extra a further repayment of principal with every payment, in cents
 * @returns the monthly payment, every payment with its parts, and the interest paid in all
 * @requires amount > 0 && yearlyPercent >= 0 && months >= 1 && extra >= 0
 * @ensures result.payments[result.payments.length - 1].balance === 0
 */
export function schedule(amount: number, yearlyPercent: number, months: number, extra: number = 0): Schedule {
  if (!Number.isInteger(amount) || amount <= 0) throw new RangeError(`bad amount: ${amount}`)
  if (!Number.isInteger(months) || months < 1) throw new RangeError(`bad number of months: ${months}`)
  if (!(yearlyPercent >= 0) || extra < 0) throw new RangeError('interest and extra payments cannot be negative')

  const rate = yearlyPercent / 1200
  const payment = Math.ceil(rate === 0 ? amount / months : (amount * rate) / (1 - (1 + rate) ** -months))
  const payments: Payment[] = []
  let balance = amount
  let totalInterest = 0
  for (let month = 1; balance > 0; month++) {
    const interest = Math.round(balance * rate)
    const wanted = payment - interest + extra
    const principal = month === months ? balance : Math.min(balance, wanted)
    balance -= principal
    totalInterest += interest
    payments.push({ month, interest, principal, balance })
    if (month % 12 === 0 || balance === 0) {
      console.log(`after ${String(month).padStart(3)} months: ${(balance / 100).toFixed(2)} left`)
    }
  }
  return { payment, payments, totalInterest }
}

/**
 * The yearly interest rate at which a loan costs a given monthly payment, by bisection.
 *
 * @param amount the loan in cents
 * @param payment the monthly payment in cents
 * @param months the number of payments
 * @returns percent per year, with two decimals
 */
export function rateOf(amount: number, payment: number, months: number): number {
  if (payment * months < amount) throw new RangeError('the payments do not repay the loan')
  let low = 0
  let high = 100
  for (let i = 0; i < 100 && high - low > 1e-9; i++) {
    const rate = (low + high) / 2 / 1200
    const cost = rate === 0 ? amount / months : (amount * rate) / (1 - Math.pow(1 + rate, -months))
    if (cost > payment) high = rate * 1200
    else low = rate * 1200
  }
  return Number(low.toFixed(2))
}
