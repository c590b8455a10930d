// SPDX-License-Identifier: Apache-2.0
/** `muster host import`: registers the hosts of a file, and writes what went wrong into another that can be corrected. */
import { asProblem, Problem } from '../../../plugins/contract/problem.ts'
import { paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import type { Query } from '../client.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Run } from '../grammar.ts'
import { ndjson } from '../ndjson.ts'
import type { View } from '../output.ts'
import type { WireAnswer } from '../ports.ts'
import { problem } from '../problems.ts'
import { createProgress } from '../progress.ts'
import { counted, literal } from '../render/text.ts'

/** Larger than what the controller takes, so that it is the one to say so. */
const MAX_FILE_BYTES = 64 * 2 ** 20
/** Wrong rows that are named on the terminal. */
const MAX_TOLD = 10
/** The controller may think about a large file before its first word. */
const IDLE_MS = 180_000

export type ImportRow = {
  readonly row: number
  readonly serial?: string
  readonly uuid?: string
  readonly outcome: 'registered' | 'completed' | 'skipped' | 'failed'
  readonly host?: string
  readonly error?: string
  /** Why, where the controller knows more than EIM's words say. */
  readonly detail?: string
  /** Of a failed row: the row as it was, with the error in its last cell. */
  readonly csv?: string
}

type Counts = {
  readonly total: number
  readonly registered: number
  readonly completed: number
  readonly skipped: number
  readonly failed: number
}
type Line =
  | { readonly kind: 'start'; readonly total: number; readonly header: string }
  | ({ readonly kind: 'row' } & ImportRow)
  | ({ readonly kind: 'progress'; readonly done: number } & Counts)
  | ({ readonly kind: 'result'; readonly warnings: readonly string[] } & Counts)
  | { readonly kind: 'problem'; readonly code: string; readonly status: number; readonly title: string }

const view: View<ImportRow> = { kind: 'HostImport', name: row => row.host ?? '', columns: [] }

export const importing: Run = async call => {
  const template = call.options.text('template') ?? (call.options.has('template') ? '' : undefined)
  if (template !== undefined) return writeTemplate(call, template)
  const file = call.words[0]
  if (file === undefined) throw problem('usage', 'name the file, or - for standard input')
  const session = await call.session()
  const bytes =
    file === '-' ? await call.terminal.input.read(MAX_FILE_BYTES) : await call.files.read(file, MAX_FILE_BYTES)
  const source: Source = { session, file, bytes, query: overrides(call) }
  await call.output.note(`Checking CSV file: ${file}`)
  try {
    return await (call.options.has('dry-run') ? check(call, source) : carryOut(call, source))
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'preflight-failed') {
      await tellRefused(call, thrown)
      await saveRefusal(call, source)
    }
    throw thrown
  }
}

type Source = {
  readonly session: Session
  readonly file: string
  readonly bytes: Uint8Array
  readonly query: Query
}

const OVERRIDES: Readonly<Record<string, string>> = {
  'os-profile': 'osProfile',
  site: 'site',
  secure: 'secure',
  'remote-user': 'remoteUser',
  'lvm-size': 'lvmSize',
  'cluster-deploy': 'clusterDeploy',
  'cluster-template': 'clusterTemplate',
  'cluster-config': 'clusterConfig',
}

/** What is given for all rows. */
function overrides({ options }: Call): Query {
  const given = Object.entries(OVERRIDES).map(([option, member]) => [member, options.text(option)] as const)
  const labels = options.labels('metadata').map(({ key, value }) => `${key}=${value}`)
  const configs = options.list('cloud-init').flatMap(each => each.split(/[,&]/))
  return {
    ...Object.fromEntries(given),
    metadata: labels.length === 0 ? undefined : labels.join('&'),
    cloudInit: configs.length === 0 ? undefined : configs.join('&'),
    ...(options.has('manual-onboard') ? { onboard: false } : {}),
    ...(options.has('require-profile') ? { requireProfile: true } : {}),
  }
}

type Posting = {
  readonly query?: Query
  readonly signal?: AbortSignal
  readonly keeps?: (answer: WireAnswer) => boolean
}

function post({ session, bytes, query }: Source, accept: string, more: Posting): Promise<WireAnswer> {
  const content = { type: 'text/csv', content: bytes }
  return session.client.post(paths.hostImport(session.project), content, {
    ...more,
    idleMs: IDLE_MS,
    headers: { accept: `${accept}, application/problem+json;q=0.9` },
    query: { ...query, ...more.query },
  })
}

async function check(call: Call, source: Source): Promise<undefined> {
  const answer = await post(source, 'application/x-ndjson', { query: { dryRun: true } })
  let total = 0
  for await (const line of ndjson<Line>(answer.body)) if (line.kind === 'result') total = line.total
  await call.output.item(
    { kind: 'HostImportCheck', name: () => source.file },
    { file: source.file, total },
    () => 'CSV validation successful\n',
  )
  await call.output.note(`${counted(total, 'host')}; nothing was registered`)
  return undefined
}

async function carryOut(call: Call, source: Source): Promise<ExitCode | undefined> {
  const { output, signal } = call
  const rows: ImportRow[] = []
  const failures: string[] = []
  let header = ''
  let broken: Problem | undefined
  let counts: Counts | undefined
  let progress = createProgress(call, 0, 'importing')
  try {
    const answer = await post(source, 'application/x-ndjson', { signal })
    for await (const line of ndjson<Line>(answer.body)) {
      if (line.kind === 'start') {
        header = line.header
        progress = createProgress(call, line.total, 'importing')
      }
      if (line.kind === 'row') {
        const { kind: _, csv, ...row } = line
        rows.push(row)
        if (csv !== undefined) failures.push(csv)
        progress.step(row.outcome === 'failed')
        if (isTable(call)) await output.data(`${literal(spokenRow(row))}\n`)
      }
      if (line.kind === 'result') {
        counts = line
        for (const warning of line.warnings) await output.note(`warning: ${warning}`)
      }
      if (line.kind === 'problem')
        broken = new Problem(line.code, { title: line.title, status: line.status, retry: 'never' })
    }
  } catch (thrown) {
    if (rows.length === 0) throw thrown
    broken = asProblem(thrown)
  } finally {
    progress.end()
  }
  if (!isTable(call)) await output.list(view, rows)
  if (failures.length > 0)
    await save(call, `import_error`, { file: source.file, text: [header, ...failures].join('\n') })
  return ended(call, rows, { counts, broken })
}

type Ending = { readonly counts: Counts | undefined; readonly broken: Problem | undefined }

async function ended(
  call: Call,
  rows: readonly ImportRow[],
  { counts, broken }: Ending,
): Promise<ExitCode | undefined> {
  const count = (...outcomes: readonly string[]): number => rows.filter(row => outcomes.includes(row.outcome)).length
  const failed = count('failed')
  const unfinished = counts === undefined ? '; it did not come to its end: run it again, what is done stays done' : ''
  await call.output.note(
    `Done: ${count('registered', 'completed')} registered, ${count('skipped')} skipped, ${failed} failed${unfinished}`,
  )
  if (call.signal.aborted) return EXIT.interrupted
  if (broken !== undefined) throw broken
  if (counts === undefined) throw problem('controller-unreachable', 'the import was cut off')
  return failed > 0 ? EXIT.partial : undefined
}

/** As EIM's command line says it. */
function spokenRow({ serial = '', uuid = '', outcome, host, error, detail }: ImportRow): string {
  const names = `Host Serial number : ${serial}  UUID : ${uuid}`
  if (outcome === 'failed') return `✗ ${names} failed: ${error}${detail === undefined ? '' : ` (${detail})`}`
  const word = outcome === 'skipped' ? 'already registered' : 'registered'
  return `✔ ${names} ${word}. Host ID : ${host}`
}

function isTable({ output }: Call): boolean {
  return output.format === 'table' || output.format === 'wide'
}

type RefusedRow = { readonly line: number; readonly serial?: string; readonly uuid?: string; readonly error: string }

/** The first rows that are wrong; the file that is saved has them all. */
async function tellRefused(call: Call, { fields }: Problem): Promise<void> {
  const rows = (fields.rows ?? []) as readonly RefusedRow[] // the controller's own schema says so
  for (const { line, serial, uuid, error } of rows.slice(0, MAX_TOLD))
    await call.output.note(`  line ${line}  ${serial ?? uuid ?? '-'}  ${error}`)
  if (rows.length > MAX_TOLD) await call.output.note(`  and ${rows.length - MAX_TOLD} more`)
}

/** The whole file with what is wrong in its last column, as the controller writes it. */
async function saveRefusal(call: Call, source: Source): Promise<void> {
  const keeps = ({ status, headers }: WireAnswer): boolean =>
    status === 422 && (headers['content-type'] ?? '').startsWith('text/csv')
  const answer = await post(source, 'text/csv', { query: { dryRun: true }, keeps })
  if (!keeps(answer)) return
  await save(call, 'preflight_error', { file: source.file, bytes: answer.body })
}

type Saved = { readonly file: string } & ({ readonly text: string } | { readonly bytes: AsyncIterable<Uint8Array> })

/** Beside where the person is, under the name of their file. */
async function save(call: Call, start: string, saved: Saved): Promise<void> {
  const at = new Date(call.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  const base = saved.file === '-' ? 'hosts.csv' : (saved.file.split(/[\\/]/).at(-1) ?? 'hosts.csv')
  const name = `${start}_${at}_${base}`
  await call.files.save(name, 'bytes' in saved ? saved.bytes : textBytes(saved.text))
  await call.output.note(`Generating error file: ${name}`)
}

async function* textBytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(`${text}\n`)
}

async function writeTemplate(call: Call, file: string): Promise<undefined> {
  const { client, project } = await call.session()
  const { body } = await client.open(paths.hostTemplate(project), { headers: { accept: 'text/csv' } })
  if (file === '' || file === '-') {
    for await (const part of body) await call.output.data(part)
    return undefined
  }
  if (await call.files.exists(file)) throw problem('file-unusable', `${file} is there already`)
  await call.files.save(file, body)
  await call.output.note(`${file} is written`)
  return undefined
}
