/** Keeps text without end: what the memory limit is for. */
export function run(n: number): number {
  const kept: string[] = []
  for (let i = n; ; i++) kept.push('some text that is not so short ' + i)
}
