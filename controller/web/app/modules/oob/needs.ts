// SPDX-License-Identifier: Apache-2.0
/** What somebody should look at below the operating systems. */
import { type Call, send } from '../../api/call.ts'
import { spoken } from '../../kit/age.ts'
import { t } from '../../words/oob.ts'
import type { Need, NeedSource } from '../pages.ts'
import { listCall } from './acts-records.ts'
import { readLines } from './reads-lines.ts'

const DAY_MS = 86_400_000
/** A new provisioning certificate takes people, days and money. */
const SOON_MS = 30 * DAY_MS

type Domain = { readonly expirationDate: string }

async function certificates(project: string, signal: AbortSignal): Promise<readonly Need[]> {
  const domains = await send<readonly Domain[]>(listCall(project, 'domain'), signal)
  const left = domains.map(each => Date.parse(each.expirationDate) - Date.now()).sort((a, b) => a - b)
  const expired = left.filter(each => each <= 0).length
  const soon = left.filter(each => each > 0 && each < SOON_MS)
  const to = '/out-of-band/records?tab=domains'
  const [first = 0] = soon
  return [
    ...(expired === 0
      ? []
      : [{ id: 'oob-expired', rank: 2 as const, text: t.need.expired(expired), to, verb: t.need.renew }]),
    ...(soon.length === 0
      ? []
      : [
          {
            id: 'oob-expires',
            rank: 2 as const,
            text: t.need.certificates(soon.length, spoken(first)),
            to,
            verb: t.need.renew,
          },
        ]),
  ]
}

type Counts = { readonly counts: { readonly drifted: number } }

async function drift(project: string, signal: AbortSignal): Promise<readonly Need[]> {
  const { counts } = await send<Counts>(ask(project, 'drift?state=drifted&pageSize=1'), signal)
  if (counts.drifted === 0) return []
  const to = '/out-of-band/drift?state=drifted'
  return [{ id: 'oob-drift', rank: 3, text: t.need.drifted(counts.drifted), to, verb: t.need.compare }]
}

async function failed(project: string, signal: AbortSignal): Promise<readonly Need[]> {
  const lines = await readLines({ project, signal })
  const count = lines.filter(each => each.wanted === 'provisioned' && each.indicator === 'ERROR').length
  if (count === 0) return []
  const to = '/out-of-band/activations'
  return [{ id: 'oob-failed', rank: 1, text: t.need.failed(count), to, verb: t.need.why }]
}

async function approvals(project: string, signal: AbortSignal): Promise<readonly Need[]> {
  const { runs } = await send<{ readonly runs: readonly { readonly createdAt: string }[] }>(
    ask(project, 'playbook-runs?state=approval'),
    signal,
  )
  const oldest = runs.at(-1)
  if (oldest === undefined) return []
  return [
    {
      id: 'oob-approvals',
      rank: 1,
      text: t.need.approval(runs.length),
      to: '/out-of-band/playbooks?tab=runs&state=approval',
      verb: t.need.review,
      since: oldest.createdAt,
    },
  ]
}

async function shared(project: string, signal: AbortSignal): Promise<readonly Need[]> {
  const found = await send<{ readonly shared: boolean }>(ask(project, 'shared-passwords'), signal)
  if (!found.shared) return []
  return [
    { id: 'oob-shared', rank: 0, text: t.need.shared, to: '/out-of-band/records?tab=passwords', verb: t.need.review },
  ]
}

function ask(project: string, rest: string): Call {
  return { method: 'GET', path: `/v1/projects/${encodeURIComponent(project)}/oob/${rest}` }
}

const source = (
  id: string,
  key: string,
  look: (project: string, signal: AbortSignal) => Promise<readonly Need[]>,
): NeedSource => ({ id, key, permission: 'host.read', ask: ({ project, signal }) => look(project, signal) })

export const oobNeeds: readonly NeedSource[] = [
  source('oob-certificates', 'oob-records', certificates),
  source('oob-drift', 'oob-drift', drift),
  source('oob-failed', 'oob-activations', failed),
  source('oob-approvals', 'oob-runs', approvals),
  source('oob-shared', 'oob-records', shared),
]
