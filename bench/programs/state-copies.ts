/** A reducer that copies its state for each of n actions, as user interfaces do. */
interface Item {
  readonly id: number
  readonly name: string
  readonly done: boolean
}

interface State {
  readonly items: readonly Item[]
  readonly filter: 'all' | 'open'
  readonly counters: Readonly<Record<string, number>>
  readonly next: number
}

type Action =
  | { readonly type: 'add'; readonly name: string }
  | { readonly type: 'toggle'; readonly id: number }
  | { readonly type: 'filter'; readonly filter: 'all' | 'open' }
  | { readonly type: 'clear' }

function count(state: State, name: string): State {
  return { ...state, counters: { ...state.counters, [name]: (state.counters[name] ?? 0) + 1 } }
}

function reduce(state: State, action: Action): State {
  const counted = count(state, action.type)
  switch (action.type) {
    case 'add': {
      const item: Item = { id: counted.next, name: action.name, done: false }
      return { ...counted, items: [...counted.items, item], next: counted.next + 1 }
    }
    case 'toggle':
      return {
        ...counted,
        items: counted.items.map((item) => (item.id === action.id ? { ...item, done: !item.done } : item)),
      }
    case 'filter':
      return { ...counted, filter: action.filter }
    case 'clear':
      return { ...counted, items: counted.items.filter(({ done }) => !done) }
  }
}

function actionOf(i: number, state: State): Action {
  const kind = (i * 13) % 11
  if (kind < 5) return { type: 'add', name: `item ${i % 100}` }
  if (kind < 8) return { type: 'toggle', id: Math.max(0, state.next - 1 - (i % 10)) }
  return kind < 10 ? { type: 'filter', filter: i % 2 === 0 ? 'all' : 'open' } : { type: 'clear' }
}

export function run(n: number): number {
  let state: State = { items: [], filter: 'all', counters: {}, next: 0 }
  let sum = 0
  for (let i = 0; i < n; i++) {
    state = reduce(state, actionOf(i, state))
    const shown = state.filter === 'all' ? state.items.length : state.items.filter(({ done }) => !done).length
    sum = (sum * 31 + shown + state.counters['add']!) % 1_000_003
  }
  return sum
}
