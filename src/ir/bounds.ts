/**
 * Bounds that every module keeps. The decoder, the parser and the checker refuse what exceeds them, so that
 * recursion over a checked module cannot exhaust the host's stack and work on it stays bounded.
 *
 * spec: module#bounds
 */
export const BOUNDS = {
  /** Size of an encoded module in bytes. */
  bytes: 4 * 2 ** 20,
  /** Expressions and statements inside each other. */
  depth: 500,
  /** Types inside each other. */
  typeDepth: 32,
  /** Nodes of one type, written out. */
  typeNodes: 1_024,
  /** Nodes of a nested union with itself written once for each `self`: what unfolds it makes so many. */
  nestedNodes: 4_096,
  /** Parameters, captures and locals of one function together. */
  locals: 16_384,
  /** Diagnostics that one check or parse reports; more of them help nobody. */
  diagnostics: 200,
} as const

/** The longest string, in code units: V8's. spec: types */
export const STRING_LENGTH_MAX = 2 ** 29 - 24

/** Entries of a table: V8's. A table that would have more ends the run at the memory limit. spec: types#tables */
export const TABLE_SIZE_MAX = 2 ** 24
