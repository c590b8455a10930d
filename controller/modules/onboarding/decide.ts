// SPDX-License-Identifier: Apache-2.0
/** What somebody decides about a machine that waits. */
import { formatTime, type HostFacts } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import type { Label } from '../../kernel/hosts.ts'
import { refuseLeaving } from '../../kernel/lifecycle.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import type { Tx } from '../../store/store.ts'
import { admitHost } from './admit.ts'
import { judge, unflag } from './judge.ts'
import { changeRequest } from './lobby.ts'
import { problem } from './problems.ts'
import { type EnrollParts, remember } from './requests.ts'
import type { OnboardingTables, RequestRow } from './tables.ts'
import { findToken } from './tokens.ts'

export type Decision = {
  readonly project: string
  readonly id: string
  readonly by: Principal
} & (
  | {
      readonly accept: true
      readonly name: string
      readonly labels: readonly Label[]
      readonly site: string | undefined
    }
  | { readonly accept: false; readonly reason: string }
)
type Acceptance = Extract<Decision, { accept: true }>

/**
 * Lets a waiting machine in, or not. Throws `not-found`, `already-decided`, `registration-mismatch` for one that fits a
 * registration only in part, `host-deleting`.
 */
export async function decide(parts: EnrollParts, decision: Decision): Promise<{ readonly host?: string }> {
  const { kernel } = parts
  const { project, id, by } = decision
  return kernel.store.change(async tx => {
    const rows = tx.of<OnboardingTables>(project)
    const row = await rows.select('onboarding_requests').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw kernelProblem('not-found', `request ${id.slice(0, 40)}`)
    if (row.state !== 'waiting') throw problem('already-decided', `it was ${row.state}`)
    const tell = (host: { readonly host?: string }): Promise<void> =>
      kernel.events.emit(tx, {
        project,
        type: 'lobby.decided',
        subject: id,
        data: { accepted: decision.accept, by: by.name, ...host },
      })
    const decided = { decided_at: formatTime(kernel.clock.now()), decided_by: by.id, flagged: '[]' }
    if (decision.accept) {
      const host = await accept(parts, tx, row, decision)
      await tell({ host })
      await changeRequest(tx, row, { ...decided, state: 'accepted', host })
      return { host }
    }
    await tell({})
    await unflag(kernel, tx, row)
    await changeRequest(tx, row, { ...decided, state: 'refused', reason: decision.reason })
    await kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: by,
      action: 'lobby.refuse',
      target: id,
      outcome: 'done',
      reason: decision.reason,
    })
    return {}
  })
}

/** Who it is may have changed since it asked: a registration was made, mended or deleted. */
async function accept(parts: EnrollParts, tx: Tx, row: RequestRow, { name, labels, site, by }: Acceptance) {
  const { project, csr, key, address } = row
  const facts = JSON.parse(row.facts) as HostFacts // checked when it asked
  const token = row.token === null ? undefined : await findToken(tx, project, row.token)
  const match = (await judge(tx, { project, facts, token })) ?? (await judge(tx, { project, facts, token: undefined }))
  if (match?.kind === 'mismatch') throw problem('registration-mismatch', match.why)
  const host = match !== undefined && 'host' in match ? match.host : undefined
  if (host !== undefined) refuseLeaving(host)
  await unflag(parts.kernel, tx, row)
  const admission = await admitHost(parts, tx, {
    ...{ project, csr, facts, name, address, host, by },
    labels: [...(JSON.parse(row.labels) as Label[]), ...labels], // written by putInLobby
    site: site ?? row.site ?? undefined,
    how: 'lobby',
  })
  await remember(tx, {
    project,
    token: `lobby-${row.id}`,
    key,
    host: admission.host,
    certificate: admission.certificate,
    created_at: formatTime(parts.kernel.clock.now()),
  })
  return admission.host
}
