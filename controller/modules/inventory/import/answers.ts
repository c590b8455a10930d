// SPDX-License-Identifier: Apache-2.0
/** What an import says: at once as JSON, as it goes on as NDJSON, or as the file with its errors. */
import { type Static, Type } from 'typebox'
import { asProblem, type Json } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { errorsOf } from './checking.ts'
import { COLUMNS, cellsOf, type HostRow } from './columns.ts'
import { csvLine } from './csv.ts'
import { type ImportParts, importHosts, type Outcome, type PlannedRow } from './import.ts'
import { problem } from './problems.ts'
import type { UploadedRow } from './reading.ts'
import type { Importing } from './row.ts'
import { type Checked, joined } from './rules.ts'

const Count = Type.Integer({ minimum: 0 })

export const ImportAnswer = Type.Object({
  dryRun: Type.Boolean(),
  total: Count,
  registered: Type.Integer({ minimum: 0, description: 'New hosts' }),
  completed: Type.Integer({
    minimum: 0,
    description: 'Hosts that were there and lacked a site, a label or an instance',
  }),
  skipped: Type.Integer({ minimum: 0, description: 'Hosts that were there with all of it' }),
  failed: Count,
  rows: Type.Array(
    Type.Object({
      row: Type.Integer({ description: 'Counted from 1, without the header' }),
      line: Type.Integer({ description: 'Of the file' }),
      serial: Type.Optional(Type.String()),
      uuid: Type.Optional(Type.String()),
      outcome: Type.Enum(['registered', 'completed', 'skipped', 'failed']),
      host: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
      error: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
    }),
  ),
  warnings: Type.Array(Type.String()),
})

export type Counts = {
  readonly total: number
  readonly registered: number
  readonly completed: number
  readonly skipped: number
  readonly failed: number
}

export const HEADER = csvLine(COLUMNS)

export function countOf(outcomes: readonly Outcome[], total: number): Counts {
  const count = (outcome: Outcome['outcome']): number => outcomes.filter(each => each.outcome === outcome).length
  return {
    total,
    registered: count('registered'),
    completed: count('completed'),
    skipped: count('skipped'),
    failed: count('failed'),
  }
}

export function added(before: Counts, more: Counts): Counts {
  return {
    total: before.total,
    registered: before.registered + more.registered,
    completed: before.completed + more.completed,
    skipped: before.skipped + more.skipped,
    failed: before.failed + more.failed,
  }
}

const MESSAGES = {
  registered: 'Host registered',
  completed: 'Host already registered',
  skipped: 'Host already registered',
}

/** A row of the answer. */
export function outcomeRow(outcome: Outcome) {
  const { number, line, row } = outcome
  return {
    row: number,
    line,
    ...keysOf(row),
    outcome: outcome.outcome,
    ...(outcome.outcome === 'failed'
      ? { error: outcome.error, ...(outcome.detail === undefined ? {} : { detail: outcome.detail }) }
      : { host: outcome.host, message: MESSAGES[outcome.outcome] }),
  }
}

function keysOf({ serial, uuid }: HostRow) {
  return { ...(serial === '' ? {} : { serial }), ...(uuid === '' ? {} : { uuid }) }
}

/** A row of the problem that says why nothing was created. */
export function errorRow({ number, line, row }: UploadedRow, errors: readonly string[]): Json {
  return { row: number, line, ...keysOf(row), errors: [...errors], error: joined(errors) }
}

/** The row as it was uploaded, with what is wrong in its last cell. */
export function errorLine(row: HostRow, errors: readonly string[]): string {
  return csvLine(cellsOf({ ...row, error: joined(errors) }))
}

/** What is checked and not carried out. */
export function warningsOf(rows: readonly UploadedRow[]): string[] {
  const clusters = rows.some(({ row }) => row.clusterDeploy.toLowerCase() === 'true' || row.clusterTemplate !== '')
  return clusters
    ? [
        'K8sEnable, K8sClusterTemplate and K8sConfig were checked only: no cluster is made, as nothing here makes clusters',
      ]
    : []
}

export type Answer =
  | { readonly is: 'json'; readonly body: Static<typeof ImportAnswer> }
  | { readonly is: 'lines'; readonly status: number; readonly type: string; readonly lines: AsyncIterable<string> }

export type Form = 'json' | 'ndjson' | 'csv'

const CSV = 'text/csv; charset=utf-8'
const NDJSON = 'application/x-ndjson'
/** How many bad rows a problem lists; the file with its errors has them all. */
const MAX_LISTED = 1_000

/** What is wrong with a file of which nothing was created. Throws `preflight-failed` unless the file itself is wanted. */
export function refusal(checked: readonly Checked[], form: Form): Answer {
  const bad = checked.filter(each => errorsOf(each).length > 0)
  if (form === 'csv') return { is: 'lines', status: 422, type: CSV, lines: refusedFile(checked) }
  throw problem('preflight-failed', `${bad.length} of ${checked.length} rows`, {
    total: checked.length,
    failed: bad.length,
    rows: bad.slice(0, MAX_LISTED).map(each => errorRow(each, errorsOf(each))),
  })
}

async function* refusedFile(checked: readonly Checked[]): AsyncGenerator<string> {
  yield HEADER
  for (const each of checked) yield errorLine(each.row, errorsOf(each))
}

export type Ordered = {
  readonly rows: readonly PlannedRow[]
  readonly form: Form
  readonly dryRun: boolean
  readonly act: Importing
}

/** Imports the rows, and says what became of them. */
export async function answerTo(parts: ImportParts, ordered: Ordered): Promise<Answer> {
  const { form } = ordered
  if (form === 'json') return { is: 'json', body: await whole(parts, ordered) }
  const lines = form === 'csv' ? failuresFile(parts, ordered) : progressLines(parts, ordered)
  return { is: 'lines', status: 200, type: form === 'csv' ? CSV : NDJSON, lines }
}

async function whole(parts: ImportParts, ordered: Ordered): Promise<Static<typeof ImportAnswer>> {
  const { rows, dryRun } = ordered
  const done: Outcome[] = []
  for await (const batch of outcomes(parts, ordered)) done.push(...batch)
  return { dryRun, ...countOf(done, rows.length), rows: done.map(outcomeRow), warnings: warningsOf(rows) }
}

/** The rows that failed, to be corrected and imported again. */
async function* failuresFile(parts: ImportParts, ordered: Ordered): AsyncGenerator<string> {
  yield HEADER
  for await (const batch of outcomes(parts, ordered)) {
    for (const each of batch) if (each.outcome === 'failed') yield errorLine(each.row, [each.error])
  }
}

async function* progressLines(parts: ImportParts, ordered: Ordered): AsyncGenerator<string> {
  const { rows, dryRun } = ordered
  let counts: Counts = countOf([], rows.length)
  let done = 0
  const line = (value: object): string => `${JSON.stringify(value)}\n`
  yield line({ kind: 'start', total: rows.length, header: HEADER.trimEnd() })
  try {
    for await (const batch of outcomes(parts, ordered)) {
      counts = added(counts, countOf(batch, 0))
      done += batch.length
      yield batch.map(each => line({ kind: 'row', ...outcomeRow(each), ...failedCsv(each) })).join('')
      yield line({ kind: 'progress', done, ...counts })
    }
    yield line({ kind: 'result', dryRun, ...counts, warnings: warningsOf(rows) })
  } catch (thrown) {
    // The status went out with the first line, so what stops it now is a line as well.
    yield line({ kind: 'problem', ...asProblem(thrown).toJSON() })
  }
}

function failedCsv(outcome: Outcome): { csv?: string } {
  return outcome.outcome === 'failed' ? { csv: errorLine(outcome.row, [outcome.error]).trimEnd() } : {}
}

/** Ends with an entry of the audit that says how much was done, also when nobody reads on. */
async function* outcomes(parts: ImportParts, { rows, dryRun, act }: Ordered): AsyncGenerator<readonly Outcome[]> {
  if (dryRun) return
  let counts: Counts = countOf([], rows.length)
  try {
    for await (const batch of importHosts(parts, { act, rows })) {
      counts = added(counts, countOf(batch, 0))
      yield batch
    }
  } finally {
    await recordImport(parts, act, counts)
  }
}

async function recordImport(
  { kernel }: ImportParts,
  { project, by, request }: Importing,
  counts: Counts,
): Promise<void> {
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: by,
      action: 'host.import',
      target: project,
      outcome: 'done',
      request,
      detail: { ...counts },
    }),
  )
}
