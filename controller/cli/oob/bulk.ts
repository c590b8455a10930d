// SPDX-License-Identifier: Apache-2.0
/** One act on many machines: a line for each as it ends, a count at the end, and exit code 9 when some failed. */
import { asProblem, Problem } from '../../../plugins/contract/problem.ts'
import { abreast } from '../abreast.ts'
import type { Call } from '../call.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { View } from '../output.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { type Machine, spokenMachine } from './machines.ts'

export type Outcome = {
  readonly ok: boolean
  readonly says: string
  /** The time to wait was over before the end. */
  readonly open?: boolean
}

export type OutcomeRow = Outcome & {
  readonly name: string
  readonly host?: string
  readonly guid?: string
  /** Code of the problem. */
  readonly code?: string
  readonly next?: string
}

const view: View<OutcomeRow> = { kind: 'OutOfBandOutcome', name: row => row.host ?? row.guid ?? row.name, columns: [] }

/** How many are under way at once. */
const ABREAST = 16

export type Bulk = {
  readonly machines: readonly Machine[]
  readonly act: (machine: Machine) => Promise<Outcome>
  /** What it is when one machine alone is not as it should be; `order-failed` unless said otherwise. */
  readonly failing?: 'order-failed' | 'machine-drifted'
}

/**
 * Acts on each, some side by side. What one alone fails with is thrown as it is; of several, each failure is told and the
 * rest goes on, but for a refusal that would meet all of them.
 */
export async function actOnAll(call: Call, { machines, act, failing }: Bulk): Promise<ExitCode | undefined> {
  const [only, second] = machines
  if (only !== undefined && second === undefined) return actOnOne(call, only, { act, failing })
  const rows: OutcomeRow[] = []
  const telling = tellerOf(call, machines.length)
  let refusal: Problem | undefined
  const over = (): boolean => call.signal.aborted || refusal !== undefined
  await abreast(machines, { atOnce: ABREAST, over }, async machine => {
    const row = await outcomeOf(machine, act).catch((thrown: unknown) => {
      if (isRefusedForAll(thrown)) refusal ??= asProblem(thrown)
      return failed(machine, asProblem(thrown))
    })
    if (over()) return
    rows.push(row)
    await telling.line(row, machine)
  })
  await telling.end(rows)
  if (refusal !== undefined) throw refusal
  return verdict(call, rows, machines.length)
}

type One = { readonly act: Bulk['act']; readonly failing: Bulk['failing'] | undefined }

async function actOnOne(
  call: Call,
  machine: Machine,
  { act, failing = 'order-failed' }: One,
): Promise<ExitCode | undefined> {
  try {
    const row = await outcomeOf(machine, act)
    if (!row.ok) throw problem(row.open === true ? 'order-open' : failing, row.says)
    const telling = tellerOf(call, 1)
    await telling.line(row, machine)
    await telling.end([row])
    return undefined
  } catch (thrown) {
    if (call.signal.aborted) await call.terminal.error.write('detached: what was ordered goes on\n')
    throw thrown
  }
}

/** Who is not signed in, or not allowed, is so for every machine, unless they may on some of them. */
export function isRefusedForAll(thrown: unknown): boolean {
  if (!(thrown instanceof Problem)) return false
  return thrown.status === 401 || (thrown.code === 'not-allowed' && thrown.fields.onSomeHosts !== true)
}

async function outcomeOf(machine: Machine, act: Bulk['act']): Promise<OutcomeRow> {
  return { ...namesOf(machine), ...(await act(machine)) }
}

function failed(machine: Machine, { message, code, next }: Problem): OutcomeRow {
  return { ...namesOf(machine), ok: false, says: message, code, ...(next === undefined ? {} : { next }) }
}

function namesOf({ name, host, guid }: Machine): Pick<OutcomeRow, 'name' | 'host' | 'guid'> {
  return { name, ...(host === undefined ? {} : { host: host.resourceId }), ...(guid === undefined ? {} : { guid }) }
}

type Teller = {
  readonly line: (row: OutcomeRow, machine: Machine) => Promise<void>
  readonly end: (rows: readonly OutcomeRow[]) => Promise<void>
}

/** People read a line as each ends; programs get one document at the end. */
function tellerOf({ output }: Call, of: number): Teller {
  if (output.format !== 'table' && output.format !== 'wide')
    return { line: async () => {}, end: rows => output.list(view, rows) }
  let at = 0
  return {
    line: async (row, machine) => {
      const count = of === 1 ? '' : `[${++at}/${of}] `
      const mark = row.ok ? '✓' : row.open === true ? '…' : '✗'
      const code = row.code === undefined ? '' : ` [${row.code}]`
      await output.data(`${literal(`${count}${mark} ${spokenMachine(machine)}  ${row.says}${code}`)}\n`)
    },
    end: async () => {},
  }
}

async function verdict(call: Call, rows: readonly OutcomeRow[], of: number): Promise<ExitCode | undefined> {
  const open = rows.filter(row => row.open === true).length
  const bad = rows.filter(row => !row.ok).length - open
  const counts = [
    `${rows.length - bad - open} succeeded`,
    `${bad} failed`,
    ...(open === 0 ? [] : [`${open} still under way`]),
    ...(rows.length === of ? [] : [`${of - rows.length} not waited for`]),
  ]
  await call.output.note(`Done: ${counts.join(', ')}`)
  if (call.signal.aborted) return EXIT.interrupted
  if (bad > 0) return EXIT.partial
  return open > 0 ? EXIT.timedOut : undefined
}
