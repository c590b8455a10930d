// SPDX-License-Identifier: Apache-2.0
/** `muster host set`: the same change on many hosts, a line for each as it is done. */
import { asProblem, type Problem } from '../../../plugins/contract/problem.ts'
import { abreast } from '../abreast.ts'
import { type Host, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { confirm, confirmCount } from '../confirm.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Run } from '../grammar.ts'
import { spoken } from '../hosts.ts'
import { type Intent, isDryRun, showIntents } from '../intent.ts'
import { isRefusedForAll } from '../oob/bulk.ts'
import type { View } from '../output.ts'
import { literal } from '../render/text.ts'
import { resourcePath } from '../resources/find.ts'
import { instance } from '../resources/systems.ts'
import { spokenAll } from '../targets.ts'
import { type Change, changeOf, type Meant, meantHosts } from './host-set-plan.ts'

/** How many requests are under way at once. */
const ABREAST = 8

/** What became of a host. */
export type SetRow = {
  readonly host: string
  readonly name: string
  readonly result: 'updated' | 'skipped' | 'failed'
  /** What was left out, and why. */
  readonly skipped: readonly string[]
  readonly error?: string
  /** Code of the problem. */
  readonly code?: string
}

const view: View<SetRow> = { kind: 'HostSet', name: row => row.host, columns: [] }

export const setting: Run = async call => {
  const session = await call.session()
  const wanted = await changeOf(call, session)
  const meant = await meantHosts(call, session, wanted)
  const plans = meant.map(each => planOf(session, each))
  if (isDryRun(call)) return preview(call, plans)
  confirmCount(call, meant.length)
  // Power takes effect at once, and a machine that is given up cannot be taken back from here.
  const hard = meant.filter(({ change }) => change.host.desiredPowerState ?? change.host.desiredAmtState)
  if (hard.length > 0) await confirm(call, `Change power or AMT of ${spokenAll(hard.map(({ host }) => host))}?`)
  return carryOut(call, session, plans)
}

type Patch = Intent & { readonly method: 'PATCH' }
type Plan = { readonly host: Host; readonly intents: readonly Patch[]; readonly skipped: readonly string[] }

/** What is sent to one host; the rest is left out with its reason. */
function planOf(session: Session, { host, change }: Meant): Plan {
  const skipped: string[] = []
  const body: Record<string, unknown> = { ...change.host }
  if (hasPower(change) && host.currentAmtState !== 'AMT_STATE_PROVISIONED') {
    skipped.push('power/policy skipped (AMT not provisioned)')
    delete body.desiredPowerState
    delete body.powerCommandPolicy
  }
  if (change.metadata.size > 0) {
    const labels = new Map([
      ...(host.metadata ?? []).map(({ key, value }) => [key, value] as const),
      ...change.metadata,
    ])
    body.metadata = [...labels].map(([key, value]) => ({ key, value }))
  }
  const intents: Patch[] = []
  const path = paths.host(session.project, host.resourceId)
  if (Object.keys(body).length > 0) intents.push({ method: 'PATCH', path, body, host })
  if (change.policy !== undefined) {
    const id = instanceOf(host)
    if (id === undefined) skipped.push('osupdatepolicy skipped (no instance)')
    else intents.push(policyIntent(session, { id, policy: change.policy, host }))
  }
  return { host, intents, skipped }
}

function hasPower({ host }: Change): boolean {
  return host.desiredPowerState !== undefined || host.powerCommandPolicy !== undefined
}

function instanceOf(host: Host): string | undefined {
  const { resourceId } = (host.instance ?? {}) as { resourceId?: unknown } // the inventory module's member
  return typeof resourceId === 'string' ? resourceId : undefined
}

type PolicyOf = { readonly id: string; readonly policy: string; readonly host: Host }

function policyIntent({ project }: Session, { id, policy, host }: PolicyOf): Patch {
  const [place] = instance.places
  return { method: 'PATCH', path: resourcePath(project, place, id), body: { osUpdatePolicyID: policy }, host }
}

async function preview(call: Call, plans: readonly Plan[]): Promise<undefined> {
  await showIntents(
    call,
    plans.flatMap(({ intents }) => intents),
  )
  for (const [at, { host, skipped }] of plans.entries()) {
    for (const why of skipped) await call.output.note(`[${at + 1}/${plans.length}]  ${spoken(host)}  ${why}`)
  }
  return undefined
}

async function carryOut(call: Call, session: Session, plans: readonly Plan[]): Promise<ExitCode | undefined> {
  const rows: SetRow[] = []
  let refusal: Problem | undefined
  const over = (): boolean => call.signal.aborted || refusal !== undefined
  await abreast(plans, { atOnce: ABREAST, over }, async plan => {
    const row = await sendPlan(session, plan).catch((thrown: unknown) => {
      if (isRefusedForAll(thrown)) refusal ??= asProblem(thrown)
      return failedRow(plan, asProblem(thrown))
    })
    if (refusal !== undefined) return
    rows.push(row)
    await tell(call, row, { at: rows.length, of: plans.length, host: plan.host })
  })
  if (refusal !== undefined && rows.length === 0) throw refusal
  if (!isTable(call)) await call.output.list(view, rows)
  return verdict(call, rows, { of: plans.length, refusal })
}

async function sendPlan({ client }: Session, { host, intents, skipped }: Plan): Promise<SetRow> {
  for (const { method, path, body } of intents) await client.send(method, path, body, { patient: true })
  const result = intents.length > 0 ? 'updated' : 'skipped'
  return { host: host.resourceId, name: host.name, result, skipped }
}

function failedRow({ host, skipped }: Plan, { message, code }: Problem): SetRow {
  return { host: host.resourceId, name: host.name, result: 'failed', skipped, error: message, code }
}

type Told = { readonly at: number; readonly of: number; readonly host: Host }

async function tell(call: Call, row: SetRow, { at, of, host }: Told): Promise<void> {
  if (!isTable(call)) return
  const done = { updated: ['updated'], skipped: [], failed: [`failed: ${row.error} [${row.code}]`] }[row.result]
  const says = [...done, ...row.skipped].join('; ')
  await call.output.data(`${literal(`[${at}/${of}]  ${namedBoth(host)}  ${says}`)}\n`)
}

function namedBoth({ name, resourceId }: Host): string {
  return name === '' || name === resourceId ? resourceId : `${name} (${resourceId})`
}

function isTable({ output }: Call): boolean {
  return output.format === 'table' || output.format === 'wide'
}

type Ended = { readonly of: number; readonly refusal: Problem | undefined }

async function verdict(call: Call, rows: readonly SetRow[], { of, refusal }: Ended): Promise<ExitCode | undefined> {
  const count = (result: SetRow['result']): number => rows.filter(row => row.result === result).length
  const left = of - rows.length
  const tail = left === 0 ? '' : `, ${left} not begun`
  const done = `Done: ${count('updated')} updated, ${count('skipped')} skipped, ${count('failed')} failed${tail}`
  if (isTable(call)) await call.output.data(`${done}\n`)
  else await call.output.note(done)
  if (refusal !== undefined) throw refusal
  if (call.signal.aborted) return EXIT.interrupted
  if (count('failed') > 0) return EXIT.partial
  return undefined
}
