// Every file below test/golden-ir is a module in which engines disagreed once, with the calls that showed it. All must agree now.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkModule } from '../../src/ir/index.ts'
import { ENGINES } from './engines.ts'
import { goldenText, parseGoldenModule } from './golden-ir.ts'
import { describeMismatch } from './observation.ts'
import { runTrial } from './trial.ts'

const ROOT = join(import.meta.dirname, '../golden-ir')

for (const file of readdirSync(ROOT).toSorted()) {
  test(file.replace(/\.ir$/, ''), () => {
    const { title, module, trials } = parseGoldenModule(readFileSync(join(ROOT, file), 'utf8'))
    assert.deepEqual(checkModule(module), [])
    assert.deepEqual(parseGoldenModule(goldenText(title, module, trials)).module, module)
    const verdicts = trials.map((trial) => runTrial(ENGINES, module, trial).verdict)
    const bad = verdicts.find((verdict) => verdict !== undefined && verdict !== 'inconclusive')
    assert.equal(bad && describeMismatch(bad), undefined)
  })
}
