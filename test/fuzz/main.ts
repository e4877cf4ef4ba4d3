// `npm run fuzz`: random programs in every engine, which must agree in everything. See --help.
import { parseArgs } from 'node:util'
import { huntBugs } from './bugs/hunt.ts'
import { chooseEngines } from './choose-engines.ts'
import { runFuzzer } from './fuzzer.ts'
import { KINDS } from './protocol.ts'
import { describeRecords, RECORDS, readRecords } from './records.ts'

const HELP = `usage: npm run fuzz -- [options]
  --seconds N     stop after this time (60)
  --count N       stop after so many programs
  --findings N    stop after so many findings (1)
  --as-found      do not make findings small, which takes long where there are many
  --seed S        seed of the first program; the others follow (from the clock)
  --kind KIND     ir: modules of the IR (default); ts: TypeScript programs, which Node runs too;
                  mutants: programs of test/golden with some parts changed, in Node as well
  --only A,B      engines to compare (all); bug:WORDS is one with the seeded bug of these words
  --jobs N        worker processes (2)
  --record        add what the session did to bench/results/fuzz.jsonl
  --recorded      print what was recorded, and how many programs that is
  --bugs          give an engine one seeded bug after the other and say how soon each is found
  --bug WORDS     only the bugs with these words in their names
`

const number = (text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isFinite(value) || value < 0) throw new Error(`${text} is no number`)
  return value
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' },
      count: { type: 'string' },
      findings: { type: 'string' },
      'as-found': { type: 'boolean', default: false },
      seed: { type: 'string' },
      kind: { type: 'string', default: 'ir' },
      only: { type: 'string' },
      jobs: { type: 'string' },
      record: { type: 'boolean', default: false },
      recorded: { type: 'boolean', default: false },
      bugs: { type: 'boolean', default: false },
      bug: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (values.bugs || values.bug !== undefined) {
    const print = (line: string): void => void process.stdout.write(`${line}\n`)
    return huntBugs(values.bug ?? '', number(values.seconds, 60), number(values.seed, 1), print)
  }
  if (values.recorded) {
    process.stdout.write(describeRecords(readRecords(RECORDS)))
    return 0
  }
  const kind = KINDS.find((name) => name === values.kind)
  if (!kind) throw new Error(`--kind is one of ${KINDS.join(', ')}, not ${values.kind}`)
  const engines = values.only?.split(',') ?? []
  chooseEngines(engines)
  return runFuzzer({
    kind,
    seconds: number(values.seconds, values.count === undefined ? 60 : 86_400),
    count: number(values.count, Number.MAX_SAFE_INTEGER),
    seed: number(values.seed, Date.now() % 2 ** 31),
    engines,
    jobs: Math.max(1, number(values.jobs, 2)),
    findings: Math.max(1, number(values.findings, 1)),
    asFound: values['as-found'],
    ...(values.record && { records: RECORDS }),
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${HELP}`)
  process.exitCode = 64
}
