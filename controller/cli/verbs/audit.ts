// SPDX-License-Identifier: Apache-2.0
/** `muster audit ls`, `export`, `key`. */
import { formatTime, parseDuration, parseTime } from '../../../plugins/contract/time.ts'
import { type AuditEntry, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import type { Run } from '../grammar.ts'
import { problem } from '../problems.ts'
import { counted } from '../render/text.ts'
import { auditView } from '../views/rest.ts'

const DEFAULT_LIMIT = 50
const PAGE = 500

export const listing: Run = async call => {
  const limit = call.options.count('limit') ?? DEFAULT_LIMIT
  const session = await call.session()
  const chain = chainOf(call, session)
  const filter = filterOf(call)
  if (filter !== undefined) {
    await call.output.list(auditView, await newestOf(session, { chain, limit, ...filter }))
    return undefined
  }
  const begin = await beginOf(call, session, { chain, limit })
  const entries: AuditEntry[] = []
  while (entries.length < limit) {
    const wanted = Math.min(PAGE, limit - entries.length)
    const page = await entriesAfter(session, { chain, after: begin + entries.length, limit: wanted })
    entries.push(...page)
    if (page.length < wanted) break
  }
  await call.output.list(auditView, entries)
  return undefined
}

const FILTERS = { person: 'principal', action: 'action', target: 'target', outcome: 'outcome' } as const
type Filter = Readonly<Record<string, string | number | undefined>>

/** What the controller searches by; `undefined` where nothing but the beginning was asked. */
function filterOf(call: Call): Filter | undefined {
  const asked = Object.entries(FILTERS).flatMap(([option, name]) => {
    const text = call.options.text(option)
    return text === undefined ? [] : [[name, text] as const]
  })
  const until = call.options.text('until')
  if (asked.length === 0 && until === undefined) return undefined
  const since = call.options.text('since')
  const number = since !== undefined && /^\d{1,15}$/.test(since)
  return {
    ...Object.fromEntries(asked),
    ...(until === undefined ? {} : { until: timeOf(call, '--until', until) }),
    ...(since === undefined ? {} : number ? { after: Number(since) } : { since: timeOf(call, '--since', since) }),
  }
}

function timeOf(call: Call, option: string, text: string): string {
  const lengthMs = parseDuration(text)
  const at = lengthMs === undefined ? parseTime(text) : call.clock.now() - lengthMs
  if (at === undefined) throw problem('usage', `${option} takes 24h or a time such as 2026-11-21T04:31:00Z`)
  return formatTime(at)
}

/** The newest that fit, oldest of them first. */
async function newestOf(
  { client }: Session,
  { limit, ...filter }: Filter & { readonly limit: number },
): Promise<readonly AuditEntry[]> {
  const found: AuditEntry[] = []
  for (let before: number | undefined; found.length < limit; ) {
    const query = { ...filter, order: 'newest', before, limit: Math.min(PAGE, limit - found.length) }
    const page: { entries: readonly AuditEntry[]; hasNext: boolean } = await client.get(paths.audit, { query })
    found.push(...page.entries)
    before = page.entries.at(-1)?.n
    if (!page.hasNext) break
  }
  return found.reverse()
}

/** The number after which to begin: what `--since` says, or so that the newest entries are shown. */
async function beginOf(
  call: Call,
  session: Session,
  { chain, limit }: { chain: string; limit: number },
): Promise<number> {
  const since = call.options.text('since')
  if (since !== undefined && /^\d{1,15}$/.test(since)) return Number(since)
  if (since === undefined) return Math.max(0, (await lastBefore(session, chain, () => true)) - limit)
  const lengthMs = parseDuration(since)
  const from = lengthMs === undefined ? parseTime(since) : call.clock.now() - lengthMs
  if (from === undefined) throw problem('usage', '--since takes 24h, a time such as 2026-11-21T04:31:00Z, or a number')
  return lastBefore(session, chain, entry => (parseTime(entry.at) ?? 0) < from)
}

type Page = { readonly chain: string; readonly after: number; readonly limit: number }

async function entriesAfter({ client }: Session, query: Page): Promise<readonly AuditEntry[]> {
  const { entries }: { entries: readonly AuditEntry[] } = await client.get(paths.audit, { query })
  return entries
}

/**
 * The number of the last entry that fits, 0 when none does; what fits must stand before what does not. Chains only
 * grow and are numbered without gaps, so doubling and halving find it in some thirty reads, however long it is.
 */
async function lastBefore(session: Session, chain: string, fits: (entry: AuditEntry) => boolean): Promise<number> {
  const holds = async (n: number): Promise<boolean> => {
    const [entry] = await entriesAfter(session, { chain, after: n - 1, limit: 1 })
    return entry !== undefined && entry.n === n && fits(entry)
  }
  let low = 0
  let high = 64
  while (await holds(high)) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await holds(middle)) low = middle
    else high = middle
  }
  return low
}

export const exporting: Run = async call => {
  const session = await call.session()
  const file = call.options.text('file')
  const answer = await session.client.open(paths.auditExport, { query: { chain: chainOf(call, session) } })
  if (file === undefined || file === '-') {
    for await (const part of answer.body) await call.output.data(part)
    return undefined
  }
  const size = await call.files.save(file, answer.body)
  await call.output.note(`${counted(size, 'byte')} in ${file}; prove it with muster audit verify ${file} --key <key>`)
  return undefined
}

type Key = { readonly kid: string; readonly publicKey: string; readonly pem: string }

export const key: Run = async call => {
  const { client } = await call.session()
  const found: Key = await client.get(`${paths.audit}/key`)
  await call.output.item({ kind: 'AuditKey', name: each => each.kid }, found, each => each.pem)
  return undefined
}

function chainOf({ options }: Call, { project }: Session): string {
  return options.text('chain') ?? `project:${project}`
}
