import { SYSCALLS, type Processor } from './syscalls.ts'

/** The processor of this machine, where filters for it are known. */
export function processorOf(arch: string = process.arch): Processor | undefined {
  return arch === 'x64' || arch === 'arm64' ? arch : undefined
}

/** The number of a system call on this machine. Throws when the processor does not have it. */
export function numberOf(name: string): number {
  const processor = processorOf()
  const number = processor && SYSCALLS.find((row) => row.name === name)?.numbers[processor]
  if (number === undefined) throw new Error(`no system call ${name} on ${process.arch}`)
  return number
}
