/** Makes n records, sorts them by two keys and adds up by group. */
interface Employee {
  id: number
  department: number
  salary: number
  name: string
}

function make(n: number): Employee[] {
  const out: Employee[] = []
  let seed = 42
  for (let id = 0; id < n; id++) {
    seed = (seed * 16807) % 2147483647
    out.push({ id, department: seed % 17, salary: 1000 + (seed % 9001), name: 'e' + (seed % 1000) })
  }
  return out
}

/** A checksum over the sorted order. */
export function run(n: number): number {
  const staff = make(n)
  staff.sort((a, b) => a.department - b.department || b.salary - a.salary || a.id - b.id)
  let sum = 0
  let rank = 0
  for (let i = 0; i < staff.length; i++) {
    rank = i > 0 && staff[i].department === staff[i - 1].department ? rank + 1 : 0
    sum = (sum + staff[i].salary * (rank % 7) + staff[i].name.length) % 1000000007
  }
  return sum
}
