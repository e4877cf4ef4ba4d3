import { typed_from_list, typed_slice, typed_values, type Typed } from './typed.ts'

// Sorting (23.2.3.29). With a comparator it is V8's merge sort, comparison for comparison; without one no code of the program sees in what order
// elements are compared: -0 comes before 0, NaN last.

export function typed_sort<T extends Typed>(self: T, compare: (a: number, b: number) => number): T {
  const length = self.length
  if (length < 2) return self
  const target = typed_values(self)
  typed_merge_sort(typed_values(self), 0, length, target, compare)
  return typed_from_list(self, target)
}

export function typed_sort_default<T extends Typed>(self: T): T {
  const length = self.length
  let source = typed_values(self)
  let target = typed_values(self)
  for (let width = 1; width < length; width *= 2) {
    for (let from = 0; from < length; from += 2 * width)
      typed_merge_numbers(source, from, Math.min(from + width, length), Math.min(from + 2 * width, length), target)
    const swapped = source
    source = target
    target = swapped
  }
  return typed_from_list(self, source)
}

export function typed_toSorted<T extends Typed>(self: T, compare: (a: number, b: number) => number): T {
  return typed_sort(typed_slice(self, 0, self.length), compare)
}

export function typed_toSorted_default<T extends Typed>(self: T): T {
  return typed_sort_default(typed_slice(self, 0, self.length))
}

function typed_merge_sort(
  source: number[],
  from: number,
  to: number,
  target: number[],
  compare: (a: number, b: number) => number,
): void {
  const middle = from + ((to - from) >> 1)
  if (middle - from > 1) typed_merge_sort(target, from, middle, source, compare)
  if (to - middle > 1) typed_merge_sort(target, middle, to, source, compare)
  let left = from
  let right = middle
  for (let i = from; i < to; i++) {
    if (right >= to) target[i] = source[left++]
    else if (left >= middle) target[i] = source[right++]
    else if (+compare(source[left], source[right]) > 0) target[i] = source[right++]
    else target[i] = source[left++]
  }
}

function typed_merge_numbers(source: number[], from: number, middle: number, to: number, target: number[]): void {
  let left = from
  let right = middle
  for (let i = from; i < to; i++) {
    if (left < middle && (right >= to || !typed_is_after(source[left], source[right]))) target[i] = source[left++]
    else target[i] = source[right++]
  }
}

function typed_is_after(a: number, b: number): boolean {
  if (a > b) return true
  if (a < b) return false
  if (a !== a) return b === b
  return a === 0 && b === 0 && 1 / a > 1 / b
}
