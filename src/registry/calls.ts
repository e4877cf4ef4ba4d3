import type { Opened } from '../document/index.ts'
import { eachExpr, type Expr, type Module } from '../ir/index.ts'
import type { Query, Row, Sql } from '../store/index.ts'

/** Modules of the host whose functions name what they reach in their first argument. */
const TARGETS = {
  programs: { file: 'anrf:programs.ts', func: 'call' },
  secrets: { file: 'anrf:secrets.ts', func: 'secret' },
  http: { file: 'anrf:http.ts', func: 'fetch' },
} as const

type TargetKind = keyof typeof TARGETS

/** What a program reaches through one capability: what its code names outright, and whether it may reach others too. */
export type Targets = { readonly named: readonly string[]; readonly others: boolean }

/**
 * What the code names in calls of a host function, in order. A name that the program computes is not known. This is what the
 * code of an honest compiler says: grants, not this list, keep a program from reaching others.
 */
export function targetsOf(module: Module, kind: TargetKind): Targets {
  const { file, func: name } = TARGETS[kind]
  const callees = new Set(
    module.funcs.flatMap((func, i) => (func.name === name && module.files[func.span.file]?.path === file ? [i] : [])),
  )
  const named = new Set<string>()
  let others = false
  for (const [i, func] of module.funcs.entries())
    for (const expr of eachExpr(func.body)) {
      const isPassedOn = expr.kind === 'op' && expr.op === 'closure.new' && callees.has(Number(expr.imm[0]))
      // The function begins as one and goes on as another of the same name, which it makes itself.
      if (isPassedOn && !callees.has(i)) others = true
      if (expr.kind !== 'call' || !callees.has(expr.func)) continue
      const text = textOf(expr.args[0])
      if (text === undefined) others = true
      else named.add(kind === 'http' ? originOf(text) : text)
    }
  return { named: [...named].sort(), others }
}

function textOf(expr: Expr | undefined): string | undefined {
  if (expr?.kind === 'op' && expr.op === 'dyn.box') return textOf(expr.args[0])
  return expr?.kind === 'const' && typeof expr.value === 'string' ? expr.value : undefined
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url)

/** Programs that a document says it calls: the scopes of its capability, and what its code names. */
function calledBy({ document, module }: Opened): readonly string[] {
  const declared = document.security.capabilities.find(({ name }) => name === 'programs')?.scopes ?? []
  return [...new Set([...declared, ...targetsOf(module, 'programs').named])]
}

/** Enters which programs an artifact calls, as a part of the transaction that publishes it. */
export async function insertCalls(
  query: Query,
  { tenant, id }: { readonly tenant: string; readonly id: string },
  opened: Opened,
): Promise<void> {
  for (const text of calledBy(opened)) {
    const [program, range] = splitCall(text)
    await query(
      `insert into artifact_call (tenant, program, caller_id, version_range) values (?, ?, ?, ?)
        on conflict (tenant, program, caller_id, version_range) do nothing`,
      [tenant, program, id, range],
    )
  }
}

function splitCall(text: string): readonly [program: string, range: string] {
  const at = text.startsWith('sha256:') ? -1 : text.indexOf('@')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

type CallRow = Row & { readonly caller_id: string; readonly program: string; readonly version_range: string }

/** What an artifact calls another one by. */
export type Caller = { readonly id: string; readonly reference: string }

/** Who calls a program of this name or this digest, by whatever range. */
export async function findCallers(
  sql: Sql,
  tenant: string,
  { id, name }: { readonly id: string; readonly name: string | undefined },
): Promise<readonly Caller[]> {
  const rows = await sql.query<CallRow>(
    'select * from artifact_call where tenant = ? and program in (?, ?) order by caller_id, version_range',
    [tenant, id, name ?? id],
  )
  return rows.map(({ caller_id, program, version_range: range }) => ({
    id: caller_id,
    reference: range === '' ? program : `${program}@${range}`,
  }))
}
