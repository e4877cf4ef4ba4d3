export interface Solution {
  rows: string[]
  /** How many digits were tried before the grid was full. */
  tries: number
}

/** A grid keeps for every row, column and box which digits are used, as bits. */
class Grid {
  readonly cells: number[]
  readonly #rows: number[] = new Array<number>(9).fill(0)
  readonly #columns: number[] = new Array<number>(9).fill(0)
  readonly #boxes: number[] = new Array<number>(9).fill(0)

  constructor() {
    this.cells = new Array<number>(81).fill(0)
  }

  /** The digits that fit a cell, as bits 1 to 9. */
  candidates(cell: number): number {
    const used = this.#rows[rowOf(cell)] | this.#columns[columnOf(cell)] | this.#boxes[boxOf(cell)]
    return ~used & 0b1111111110
  }

  /** Writes a digit, or takes it back when it is there. */
  toggle(cell: number, digit: number): void {
    const bit = 1 << digit
    this.cells[cell] ^= digit
    this.#rows[rowOf(cell)] ^= bit
    this.#columns[columnOf(cell)] ^= bit
    this.#boxes[boxOf(cell)] ^= bit
  }
}

const rowOf = (cell: number): number => Math.floor(cell / 9)
const columnOf = (cell: number): number => cell % 9
const boxOf = (cell: number): number => Math.floor(cell / 27) * 3 + Math.floor((cell % 9) / 3)

/**
 * Solves a sudoku by trying the cell with the fewest candidates first.
 *
 * @param rows nine rows of nine characters: digits, and `.` or `0` for an empty cell
 * @returns the full grid and the number of digits tried, or null where there is no solution
 * @requires rows.length === 9
 */
export function solve(rows: string[]): Solution | null {
  const grid = parse(rows)
  let tries = 0

  function fill(): boolean {
    let best = -1
    let fewest = 10
    for (let cell = 0; cell < 81; cell++) {
      if (grid.cells[cell] !== 0) continue
      const count = bitCount(grid.candidates(cell))
      if (count < fewest) {
        fewest = count
        best = cell
      }
    }
    if (best === -1) return true
    const candidates = grid.candidates(best)
    for (let digit = 1; digit <= 9; digit++) {
      if ((candidates & (1 << digit)) === 0) continue
      tries++
      grid.toggle(best, digit)
      if (fill()) return true
      grid.toggle(best, digit)
    }
    return false
  }

  const isSolved = fill()
  console.log(isSolved ? `solved after ${tries} tries` : `no solution in ${tries} tries`)
  if (!isSolved) return null
  return { rows: rows.map((_, y) => grid.cells.slice(y * 9, y * 9 + 9).join('')), tries }
}

function parse(rows: readonly string[]): Grid {
  if (rows.length !== 9) throw new RangeError(`expected 9 rows, got ${rows.length}`)
  const grid = new Grid()
  for (const [y, row] of rows.entries()) {
    if (row.length !== 9) throw new RangeError(`row ${y + 1}: expected 9 cells, got ${row.length}`)
    for (let x = 0; x < 9; x++) {
      const digit = row[x] === '.' ? 0 : Number(row[x])
      if (!Number.isInteger(digit)) throw new TypeError(`row ${y + 1}: "${row[x]}" is not a digit`)
      if (digit === 0) continue
      if ((grid.candidates(y * 9 + x) & (1 << digit)) === 0) throw new RangeError(`row ${y + 1}: a second ${digit}`)
      grid.toggle(y * 9 + x, digit)
    }
  }
  return grid
}

function bitCount(bits: number): number {
  let n = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) n++
  return n
}
