import assert from 'node:assert/strict'
import { compile } from '../../src/front/index.ts'
import type { Module } from '../../src/ir/index.ts'
import { library } from '../golden/anrf.ts'

/** The module of a program of one file. */
export function moduleOf(source: string): Module {
  const { program, diagnostics } = compile({ read: (path) => (path === 'main.ts' ? source : undefined) }, library, {
    main: 'main.ts',
  })
  assert.ok(program, JSON.stringify(diagnostics))
  return program.module
}
