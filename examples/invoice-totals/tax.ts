/** How a kind of goods is taxed. Rates are fractions: 0.2 is twenty percent. */
export interface TaxRule {
  readonly category: string
  readonly rate: number
  /** Below this net amount (in cents) the goods are tax-free. */
  readonly threshold: number
}

const RULES: readonly TaxRule[] = [
  { category: 'standard', rate: 0.2, threshold: 0 },
  { category: 'food', rate: 0.05, threshold: 0 },
  { category: 'books', rate: 0, threshold: 0 },
  { category: 'import', rate: 0.2, threshold: 2200 },
]

/** The rule for a category. Throws a RangeError for a category that no rule names. */
export function ruleFor(category: string): TaxRule {
  const rule = RULES.find((r) => r.category === category)
  if (rule === undefined) throw new RangeError(`no tax rule for category "${category}"`)
  return rule
}

/** Tax in whole cents on a net amount in cents, rounded half up. */
export function taxOn(net: number, rule: TaxRule): number {
  return net < rule.threshold ? 0 : Math.round(net * rule.rate)
}
