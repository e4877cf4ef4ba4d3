import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How much work a program is given, and what it must come to. */
export type Load = { readonly n: number; readonly checksum: number }

/** `small` keeps interpreters busy for about a tenth of a second, `large` Node for 50 ms or the JIT for 200 ms. */
export type Size = 'small' | 'large'

export type Programs = Readonly<Record<string, Readonly<Record<Size, Load>>>>

/** The programs of bench/programs that goals are set for, one row each. */
export const PROGRAMS: Programs = {
  nbody: {
    small: { n: 20_000, checksum: -0.16908926275526803 },
    large: { n: 200_000, checksum: -0.1690837125696346 },
  },
  'fannkuch-redux': { small: { n: 8, checksum: 1616022 }, large: { n: 10, checksum: 73196038 } },
  'spectral-norm': {
    small: { n: 150, checksum: 1.274222872607514 },
    large: { n: 1000, checksum: 1.2742241481294836 },
  },
  mandelbrot: { small: { n: 180, checksum: 890197 }, large: { n: 1000, checksum: 625295 } },
  'binary-trees': { small: { n: 11, checksum: 263519 }, large: { n: 15, checksum: 6313311 } },
  fasta: { small: { n: 3000, checksum: -1479439772 }, large: { n: 250_000, checksum: 1381992984 } },
  'matrix-multiply': {
    small: { n: 120, checksum: -5039.894427469137 },
    large: { n: 320, checksum: -36195.44652539065 },
  },
  'sort-records': { small: { n: 30_000, checksum: 493870896 }, large: { n: 100_000, checksum: 649765377 } },
  'string-scan': { small: { n: 40_000, checksum: 3871577 }, large: { n: 600_000, checksum: 8363918 } },
  'callback-pipeline': {
    small: { n: 20_000, checksum: 3449178140 },
    large: { n: 1_000_000, checksum: 137931055275 },
  },
  report: { small: { n: 20_000, checksum: 725121234 }, large: { n: 200_000, checksum: 756760778 } },
  'text-template': { small: { n: 3000, checksum: 371360 }, large: { n: 120_000, checksum: 999831 } },
  'k-nucleotide': { small: { n: 10_000, checksum: -1340319015 }, large: { n: 150_000, checksum: 1369275003 } },
  'group-by': { small: { n: 5000, checksum: -348944144 }, large: { n: 250_000, checksum: -621201866 } },
  'json-parse': { small: { n: 200, checksum: 1465608745 }, large: { n: 2000, checksum: 1494120922 } },
  richards: { small: { n: 10_000, checksum: 23246009297 }, large: { n: 1_000_000, checksum: 2326410930563 } },
  deltablue: { small: { n: 200, checksum: 24160 }, large: { n: 30_000, checksum: 3600160 } },
  havlak: { small: { n: 10, checksum: 725314 }, large: { n: 200, checksum: 887661 } },
  cd: { small: { n: 20, checksum: 66846 }, large: { n: 1000, checksum: 671440 } },
}

/** Small programs of bench/programs, each of one thing that programs do all day. */
export const IDIOMS: Programs = {
  'big-numbers': { small: { n: 30, checksum: 35729288 }, large: { n: 600, checksum: 435954458 } },
  'edit-distance': { small: { n: 1000, checksum: 452398 }, large: { n: 20_000, checksum: 767871 } },
  'expression-trees': { small: { n: 500, checksum: 3567.75 }, large: { n: 20_000, checksum: 145260.5 } },
  failures: { small: { n: 1000, checksum: 44648 }, large: { n: 60_000, checksum: 679994 } },
  'short-texts': { small: { n: 500, checksum: 573408 }, large: { n: 20_000, checksum: 526566 } },
  'state-copies': { small: { n: 300, checksum: 426605 }, large: { n: 4000, checksum: 425309 } },
  tokens: { small: { n: 20, checksum: 694786 }, large: { n: 500, checksum: 189857 } },
}

/** The source of a program. Throws when there is no such file. */
export function readSource(name: string): string {
  return readFileSync(join(import.meta.dirname, 'programs', `${name}.ts`), 'utf8')
}
