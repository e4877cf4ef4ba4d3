// Array.prototype.sort: TimSort (Tim Peters, listsort.txt) in the form V8 has it, comparison for
// comparison, so that a program with side effects in its comparator, or with one that contradicts
// itself, sees what it sees in Node. Only `compare(a, b) < 0` is ever asked: NaN counts as equal.
// Each function is called from few places, for every call of a prelude function is a copy of it.
// Seven is how many elements one run must win at once for galloping to go on.

type Compare<T> = (a: T, b: T) => number

/** Sorted runs that wait to be merged, from left to right, and how many wins in a row start galloping. */
type Runs = { starts: number[]; lengths: number[]; patience: number }

export function array_sort<T>(self: T[], compare: Compare<T>): T[] {
  const length = self.length
  if (length < 2) return self
  const work: T[] = []
  const missing: T[] = []
  sort_collect(self, work, missing)
  // V8's sort, though not its toSorted, inserts so few without a look at runs.
  sort_runs(work, work.length < 8, compare)
  const count = work.length
  for (let i = 0; i < count; i++) self[i] = work[i]
  for (let i = 0; i < missing.length; i++) self[count + i] = missing[i]
  if (count + missing.length < length) sort_leave_holes(self, count + missing.length, length)
  return self
}

/** Sorts by the strings of the elements, by code units. */
export function array_sort_default<T>(self: T[]): T[] {
  return array_sort(self, (a, b) => sort_by_text(a, b))
}

export function array_toSorted<T>(self: T[], compare: Compare<T>): T[] {
  const work: T[] = []
  const missing: T[] = []
  sort_collect([...self], work, missing)
  sort_runs(work, false, compare)
  for (let i = 0; i < missing.length; i++) work.push(missing[i])
  return work
}

export function array_toSorted_default<T>(self: T[]): T[] {
  return array_toSorted(self, (a, b) => sort_by_text(a, b))
}

function sort_by_text<T>(a: T, b: T): number {
  const x = String(a)
  const y = String(b)
  return x < y ? -1 : x > y ? 1 : 0
}

/** Undefined elements go last, holes after them; neither is compared (23.1.3.30.1). */
function sort_collect<T>(self: T[], work: T[], missing: T[]): void {
  const length = self.length
  for (let i = 0; i < length; i++) {
    if (i in self) {
      if (self[i] === undefined) missing.push(self[i])
      else work.push(self[i])
    }
  }
}

/** Makes holes of the elements from `from` to `to`; what a comparator appended after them stays. */
function sort_leave_holes<T>(self: T[], from: number, to: number): void {
  const length = self.length
  const rest = self.slice(to)
  self.length = from
  self.length = length
  for (let i = 0; i < rest.length; i++) if (i in rest) self[to + i] = rest[i]
}

/** Finds runs from left to right, or takes the first element for one, lengthens short ones and merges. */
function sort_runs<T>(work: T[], short: boolean, compare: Compare<T>): void {
  const length = work.length
  const runs: Runs = { starts: [], lengths: [], patience: 7 }
  const least = sort_least_run(length)
  let low = 0
  while (low < length) {
    let count = short ? 1 : sort_count_run(work, low, length, compare)
    if (count < least) {
      const wanted = Math.min(least, length - low)
      sort_insert(work, low, low + count, low + wanted, compare)
      count = wanted
    }
    runs.starts.push(low)
    runs.lengths.push(count)
    low += count
    sort_merge(work, runs, low === length, compare)
  }
}

/** The least length of a run: n below 64, else about n / 2^k between 32 and 64, so that merges are balanced. */
function sort_least_run(length: number): number {
  let n = length
  let odd = 0
  while (n >= 64) {
    odd = odd | (n & 1)
    n = n >> 1
  }
  return n + odd
}

/** The length of the run at `low`. A strictly descending one is turned around. */
function sort_count_run<T>(work: T[], low: number, high: number, compare: Compare<T>): number {
  if (low + 1 === high) return 1
  const descending = +compare(work[low + 1], work[low]) < 0
  let end = low + 2
  while (end < high && +compare(work[end], work[end - 1]) < 0 === descending) end++
  if (descending) {
    for (let i = low, j = end - 1; i < j; i++, j--) {
      const value = work[i]
      work[i] = work[j]
      work[j] = value
    }
  }
  return end - low
}

/** Binary insertion of the elements from `start` to `high` into the sorted ones from `low` to `start`. */
function sort_insert<T>(work: T[], low: number, start: number, high: number, compare: Compare<T>): void {
  for (let next = start; next < high; next++) {
    const pivot = work[next]
    let left = low
    let right = next
    while (left < right) {
      const middle = left + ((right - left) >> 1)
      if (+compare(pivot, work[middle]) < 0) right = middle
      else left = middle + 1
    }
    for (let i = next; i > left; i--) work[i] = work[i - 1]
    work[left] = pivot
  }
}

/**
 * Merges until each waiting run is longer than the two after it together, and than the next; at the
 * end, until one is left. Looks four runs deep, as the invariant needs (de Gouw et al., CAV 2015).
 */
function sort_merge<T>(work: T[], runs: Runs, end: boolean, compare: Compare<T>): void {
  const lengths = runs.lengths
  while (lengths.length > 1) {
    const n = lengths.length - 2
    const settled =
      lengths[n] > lengths[n + 1] &&
      (n < 1 || lengths[n - 1] > lengths[n] + lengths[n + 1]) &&
      (n < 2 || lengths[n - 2] > lengths[n - 1] + lengths[n])
    if (settled && !end) return
    sort_merge_at(work, runs, n > 0 && lengths[n - 1] < lengths[n + 1] ? n - 1 : n, compare)
  }
}

/** Merges waiting run `n` with the next one. What stands right already, at both ends, is left out. */
function sort_merge_at<T>(work: T[], runs: Runs, n: number, compare: Compare<T>): void {
  const right = runs.starts[n + 1]
  let lengthB = runs.lengths[n + 1]
  const skipped = sort_gallop_right(work[right], work, runs.starts[n], runs.lengths[n], 0, compare)
  const left = runs.starts[n] + skipped
  const lengthA = runs.lengths[n] - skipped
  runs.lengths[n] += lengthB
  runs.starts.splice(n + 1, 1)
  runs.lengths.splice(n + 1, 1)
  if (lengthA === 0) return
  lengthB = sort_gallop_left(work[right - 1], work, right, lengthB, lengthB - 1, compare)
  if (lengthB === 0) return
  runs.patience =
    lengthA <= lengthB
      ? sort_merge_lo(work, left, right, right + lengthB, runs.patience, compare)
      : sort_merge_hi(work, left, right, right + lengthB, runs.patience, compare)
}

/** How many of the `length` elements at `base` are less than `key`; the search starts at `hint`. */
function sort_gallop_left<T>(key: T, at: T[], base: number, length: number, hint: number, compare: Compare<T>): number {
  let near = 0
  let far = 1
  let low = 0
  let high = 0
  if (+compare(at[base + hint], key) < 0) {
    const limit = length - hint
    while (far < limit && +compare(at[base + hint + far], key) < 0) {
      near = far
      far = far * 2 + 1
    }
    low = hint + near + 1
    high = hint + Math.min(far, limit)
  } else {
    const limit = hint + 1
    while (far < limit && !(+compare(at[base + hint - far], key) < 0)) {
      near = far
      far = far * 2 + 1
    }
    low = hint - Math.min(far, limit) + 1
    high = hint - near
  }
  while (low < high) {
    const middle = low + ((high - low) >> 1)
    if (+compare(at[base + middle], key) < 0) low = middle + 1
    else high = middle
  }
  return high
}

/** How many of the `length` elements at `base` are not greater than `key`; the search starts at `hint`. */
function sort_gallop_right<T>(
  key: T,
  at: T[],
  base: number,
  length: number,
  hint: number,
  compare: Compare<T>,
): number {
  let near = 0
  let far = 1
  let low = 0
  let high = 0
  if (+compare(key, at[base + hint]) < 0) {
    const limit = hint + 1
    while (far < limit && +compare(key, at[base + hint - far]) < 0) {
      near = far
      far = far * 2 + 1
    }
    low = hint - Math.min(far, limit) + 1
    high = hint - near
  } else {
    const limit = length - hint
    while (far < limit && !(+compare(key, at[base + hint + far]) < 0)) {
      near = far
      far = far * 2 + 1
    }
    low = hint + near + 1
    high = hint + Math.min(far, limit)
  }
  while (low < high) {
    const middle = low + ((high - low) >> 1)
    if (+compare(key, at[base + middle]) < 0) high = middle
    else low = middle + 1
  }
  return high
}

/**
 * Merges the runs `left..right` and `right..end` upwards, the first being the shorter and moved aside;
 * the new patience. The first element of the second run and the last of the first are known to be the
 * least and the greatest.
 */
function sort_merge_lo<T>(work: T[], left: number, right: number, end: number, patience: number, compare: Compare<T>) {
  const aside = work.slice(left, right)
  const endA = aside.length
  let to = left + 1
  let a = 0
  let b = right + 1
  work[left] = work[right]
  merging: while (b < end && a < endA - 1) {
    let winsA = 0
    let winsB = 0
    while (winsA < patience && winsB < patience) {
      if (+compare(work[b], aside[a]) < 0) {
        work[to] = work[b]
        to += 1
        b += 1
        winsB++
        winsA = 0
        if (b === end) break merging
      } else {
        work[to] = aside[a]
        to += 1
        a += 1
        winsA++
        winsB = 0
        if (a === endA - 1) break merging
      }
    }
    while (true) {
      winsA = sort_gallop_right(work[b], aside, a, endA - a, 0, compare)
      const stopA = a + winsA
      while (a < stopA) {
        work[to] = aside[a]
        to += 1
        a += 1
      }
      if (a >= endA - 1) break merging
      work[to++] = work[b++]
      if (b === end) break merging
      winsB = sort_gallop_left(aside[a], work, b, end - b, 0, compare)
      const stopB = b + winsB
      while (b < stopB) {
        work[to] = work[b]
        to += 1
        b += 1
      }
      if (b === end) break merging
      work[to++] = aside[a++]
      if (a === endA - 1) break merging
      if (winsA < 7 && winsB < 7) break
      patience = Math.max(1, patience - 1)
    }
    patience++
  }
  while (b < end) work[to++] = work[b++]
  while (a < endA) work[to++] = aside[a++]
  return patience
}

/** The same downwards, the second run being the shorter. */
function sort_merge_hi<T>(work: T[], left: number, right: number, end: number, patience: number, compare: Compare<T>) {
  const aside = work.slice(right, end)
  let to = end - 2
  let a = right - 2
  let b = aside.length - 1
  work[end - 1] = work[right - 1]
  merging: while (a >= left && b > 0) {
    let winsA = 0
    let winsB = 0
    while (winsA < patience && winsB < patience) {
      if (+compare(aside[b], work[a]) < 0) {
        work[to] = work[a]
        to -= 1
        a -= 1
        winsA++
        winsB = 0
        if (a < left) break merging
      } else {
        work[to] = aside[b]
        to -= 1
        b -= 1
        winsB++
        winsA = 0
        if (b === 0) break merging
      }
    }
    while (true) {
      const lengthA = a - left + 1
      winsA = lengthA - sort_gallop_right(aside[b], work, left, lengthA, lengthA - 1, compare)
      const stopA = a - winsA
      while (a > stopA) {
        work[to] = work[a]
        to -= 1
        a -= 1
      }
      if (a < left) break merging
      work[to--] = aside[b--]
      if (b === 0) break merging
      winsB = b + 1 - sort_gallop_left(work[a], aside, 0, b + 1, b, compare)
      const stopB = b - winsB
      while (b > stopB) {
        work[to] = aside[b]
        to -= 1
        b -= 1
      }
      if (b <= 0) break merging
      work[to--] = work[a--]
      if (a < left) break merging
      if (winsA < 7 && winsB < 7) break
      patience = Math.max(1, patience - 1)
    }
    patience++
  }
  while (a >= left) work[to--] = work[a--]
  while (b >= 0) work[to--] = aside[b--]
  return patience
}
