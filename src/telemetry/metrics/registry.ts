import {
  METRICS,
  OPEN_VALUES_MAX,
  type CounterName,
  type HistogramName,
  type LabelsOf,
  type MetricName,
  type MetricRow,
} from './rows.ts'

/** What a metric has for one combination of labels; counts by bucket for a histogram, one more than it has bounds. */
export type Series = { readonly labels: readonly string[]; value: number; count: number; readonly counts?: number[] }

/** A value that is looked at when somebody asks. */
export type Observation<N extends MetricName> = { readonly labels: LabelsOf<N>; readonly value: number }
type Observer<N extends MetricName> = () => readonly Observation<N>[] | Promise<readonly Observation<N>[]>

/** Where the service counts. Cheap enough for every request: a look into a Map and an addition. */
export type Metrics = {
  add<N extends CounterName>(name: N, labels: LabelsOf<N>, value?: number): void
  record<N extends HistogramName>(name: N, labels: LabelsOf<N>, value: number): void
  /** Counts nothing now: `look` says all values of the metric whenever metrics are collected. */
  observe<N extends MetricName>(name: N, look: Observer<N>): void
  collect(): Promise<ReadonlyMap<MetricName, readonly Series[]>>
}

export function createMetrics(): Metrics {
  const tables = new Map(Object.entries(METRICS).map(([name, row]) => [name as MetricName, new Table(row)]))
  const observers = new Map<MetricName, Observer<MetricName>>()

  async function collect(): Promise<ReadonlyMap<MetricName, readonly Series[]>> {
    const all = new Map<MetricName, readonly Series[]>()
    for (const [name, table] of tables) all.set(name, await look(observers.get(name), table))
    return all
  }

  return {
    add: (name, labels, value = 1) => {
      tables.get(name)!.at(labels).value += value
    },
    record: (name, labels, value) => tables.get(name)!.record(labels, value),
    observe: (name, look) => void observers.set(name, look as unknown as Observer<MetricName>),
    collect,
  }
}

/** A store that fails, for one, takes only its own metrics with it. */
async function look(observer: Observer<MetricName> | undefined, table: Table): Promise<readonly Series[]> {
  if (!observer) return table.all()
  try {
    const seen = await observer()
    return seen.map(({ labels, value }) => ({ labels: labels as readonly string[], value, count: 0 }))
  } catch {
    return []
  }
}

/** Metrics that nobody asks for. */
export const NO_METRICS: Metrics = {
  add: () => undefined,
  record: () => undefined,
  observe: () => undefined,
  collect: async () => new Map(),
}

/** The series of one metric by their labels. */
class Table {
  readonly #row: MetricRow
  readonly #open: number
  readonly #openValues = new Set<string>()
  readonly #series = new Map<string, Series>()

  constructor(row: MetricRow) {
    this.#row = row
    this.#open = row.open === undefined ? -1 : row.labels.indexOf(row.open)
    // A metric without labels is there from the start, with 0: a rate needs a first value.
    if (row.labels.length === 0) this.at([])
  }

  all(): readonly Series[] {
    return [...this.#series.values()].map((one) => (one.counts ? { ...one, counts: [...one.counts] } : { ...one }))
  }

  at(given: readonly string[]): Series {
    const labels = this.#open < 0 ? given : this.#bounded(given)
    const key = labels.length === 1 ? labels[0]! : labels.join('\0')
    let series = this.#series.get(key)
    if (!series) {
      const { kind, buckets = [] } = this.#row
      const counts = kind === 'histogram' ? { counts: new Array<number>(buckets.length + 1).fill(0) } : {}
      series = { labels, value: 0, count: 0, ...counts }
      this.#series.set(key, series)
    }
    return series
  }

  record(labels: readonly string[], value: number): void {
    const series = this.at(labels)
    const buckets = this.#row.buckets!
    let i = 0
    while (i < buckets.length && value > buckets[i]!) i++
    series.counts![i]!++
    series.count++
    series.value += value
  }

  #bounded(labels: readonly string[]): readonly string[] {
    const value = labels[this.#open]!
    if (this.#openValues.has(value)) return labels
    if (this.#openValues.size < OPEN_VALUES_MAX) {
      this.#openValues.add(value)
      return labels
    }
    return labels.with(this.#open, 'other')
  }
}
