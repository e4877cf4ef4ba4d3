/** What generated programs are written with, in the order in which it may be declared; a program has what it uses. */
const HELPERS: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: 'ticks',
    text: `let ticks = 0
`,
  },
  {
    name: 'tick',
    text: `function tick(): boolean {
  return ++ticks > 400
}
`,
  },
  {
    name: 'lines',
    text: `let lines = 0
`,
  },
  {
    name: 'print',
    text: `function print(show: () => void): void {
  if (++lines < 60) show()
}
`,
  },
  {
    name: 'handed',
    text: `const handed: object[] = []
`,
  },
  {
    name: 'handOut',
    text: `function handOut(x: object): void {
  if (handed.push(x) % 3 === 0) print(() => console.log(handed.length))
}
`,
  },
  {
    name: 'same',
    text: `function same<T>(x: T): T {
  return x
}
`,
  },
  {
    name: 'choose',
    text: `function choose<T>(test: boolean, a: T, b: T): T {
  return test ? a : b
}
`,
  },
  {
    name: 'first',
    text: `function first<T>(xs: T[]): T | undefined {
  return xs.length > 0 ? xs[0] : undefined
}
`,
  },
  {
    name: 'spreadAll',
    text: `function spreadAll<T>(...xs: T[]): T[] {
  return xs
}
`,
  },
  {
    name: 'mark',
    text: `function mark(name: string): string {
  print(() => console.log('mark', name))
  return name
}
`,
  },
  {
    name: 'tagged',
    text: `function tagged(parts: TemplateStringsArray, ...values: unknown[]): string {
  return parts.length + parts.join('+') + values.map((x) => String(x)).join()
}
`,
  },
  {
    name: 'Box',
    text: `class Box<T> {
  value: T
  constructor(value: T) {
    this.value = value
  }
  get(): T {
    return this.value
  }
  with(value: T): Box<T> {
    return new Box<T>(value)
  }
}
`,
  },
  {
    name: 'Pair',
    text: `class Pair<T, U> extends Box<T> {
  constructor(
    value: T,
    public other: U,
  ) {
    super(value)
  }
  override get(): T {
    this.count++
    return super.get()
  }
  swap(): Pair<U, T> {
    return new Pair<U, T>(this.other, this.get())
  }
  count = 0
}
`,
  },
  {
    name: 'Chain',
    text: `class Chain<T> {
  #next: Chain<T> | null = null
  constructor(readonly head: T) {}
  add(x: T): Chain<T> {
    const front = new Chain<T>(x)
    front.#next = this
    return front
  }
  map<U>(f: (x: T) => U): Chain<U> {
    const mapped = new Chain<U>(f(this.head))
    if (this.#next !== null) mapped.#next = this.#next.map(f)
    return mapped
  }
  list(): T[] {
    const found: T[] = []
    for (let at: Chain<T> | null = this; at !== null; at = at.#next) found.push(at.head)
    return found
  }
}
`,
  },
  {
    name: 'drive',
    text: `function drive<T, R>(it: Generator<T, R, number | undefined>, moves: string, last: R): void {
  for (const move of moves) {
    if (tick()) return
    try {
      const r = move === 'n' ? it.next(lines) : move === 'r' ? it.return(last) : it.throw(new Error(move))
      print(() => console.log(move, r))
    } catch (e) {
      print(() => console.log(move, (e as Error).name, (e as Error).message))
    }
  }
}
`,
  },
  {
    name: 'Walk',
    text: `class Walk<T> {
  items: T[]
  constructor(items: T[]) {
    this.items = items
  }
  [Symbol.iterator](): Iterator<T> {
    let i = 0
    return {
      next: (): IteratorResult<T> =>
        i < this.items.length ? { value: this.items[i++]!, done: false } : { value: undefined, done: true },
      return: (): IteratorResult<T> => {
        print(() => console.log('closed', i))
        return { value: undefined, done: true }
      },
    }
  }
}
`,
  },
  {
    name: 'each',
    text: `function* each<T>(source: Iterable<T>): Generator<T, number, number | undefined> {
  let n = 0
  try {
    for (const x of source) {
      if (tick()) return n
      n += (yield x) ?? 1
    }
  } finally {
    print(() => console.log('each', n))
  }
  return n
}
`,
  },
  {
    name: 'later',
    text: `async function later<T>(x: T): Promise<T> {
  await null
  return x
}
`,
  },
  {
    name: 'pause',
    text: `function pause<T>(ms: number, x: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(x), ms))
}
`,
  },
  {
    name: 'ticking',
    text: `function ticking(): void {
  let p = Promise.resolve(0)
  for (let i = 0; i < 6; i++)
    p = p.then((x) => {
      print(() => console.log('job', x))
      return x + 1
    })
}
`,
  },
  {
    name: 'fail',
    text: `function fail<T>(x: T): Promise<T> {
  return new Promise<T>((resolve, reject) => (tick() ? resolve(x) : reject(new RangeError('failed'))))
}
`,
  },
]

/** A program with the helpers that it names, and those that they name. */
export function withHelpers(source: string): string {
  const used = new Set<string>()
  const note = (text: string): void => {
    for (const helper of HELPERS) {
      if (used.has(helper.name) || !new RegExp(`\\b${helper.name}\\b`).test(text)) continue
      used.add(helper.name)
      note(helper.text)
    }
  }
  note(source)
  return (
    HELPERS.filter(({ name }) => used.has(name))
      .map(({ text }) => text)
      .join('') + source
  )
}
