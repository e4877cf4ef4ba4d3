// Rules about the shape of the code itself. When a rule hurts twice, change the rule in the same commit and say why.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'
import { CODES } from '../src/base/index.ts'
import { quantile, readSources, root, visit, type Source } from './tidy/sources.ts'

/** A folder may import its own files and, through their index.ts, folders of lower rank: never sideways. */
const RANKS: Readonly<Record<string, number>> = {
  base: 0,
  ir: 1,
  regex: 1,
  document: 2,
  effects: 2,
  passes: 2,
  values: 2,
  front: 3,
  verify: 3,
  interp: 3,
  wasm: 3,
  c: 3,
  engine: 4,
  store: 5,
  sandbox: 5,
  journal: 6,
