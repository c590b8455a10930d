// SPDX-License-Identifier: Apache-2.0
/** Playbooks: started by people or by rules, carried forward over restarts, cancelled, approved, shown. */

import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { may } from '../../../kernel/access.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { type Principal, permissionFor } from '../../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { createKeyedLoop } from './keyed-loop.ts'
import { advance } from './playbook-engine.ts'
import { type Plan, planOf } from './playbook-plan.ts'
import { policyOf } from './playbook-policy.ts'
import { playbookRoutes } from './playbook-routes.ts'
import { createRecoveryRules } from './playbook-rules.ts'
import { addRun, changeRun, findRun, OPEN, type RunKey, refusalOf, starterOf, tellOfRun } from './playbook-runs.ts'
import { type PlaybookParts, situationOf } from './playbook-situation.ts'
import { playbookNamed } from './playbooks/built-in.ts'
import { classOf, type Playbook } from './playbooks/playbook.ts'
import { problem } from './playbooks/problems.ts'
import type { DriftTables, PlaybookRunRow } from './tables-drift.ts'

export type { PlaybookParts } from './playbook-situation.ts'

export type StartOrder = {
  readonly project: string
  readonly guid: string
  readonly playbook: Playbook
  readonly by: Principal
  readonly reason?: string | undefined
  readonly url?: string | undefined
  /** Whether steps that need leave to restart the machine have it. */
  readonly mayRestart: boolean
}

/** What routes and rules need of the runs. */
export interface Runs {
  /** What a run would do; changes nothing. */
  plan(order: StartOrder): Promise<Plan>
  /** Returns the run's id. Throws `device-unknown`, `playbook-running` and `playbook-limit`. */
  start(order: StartOrder): Promise<string>
  /** Takes no further step; an order that was given to the device goes on. Throws `playbook-ended`. */
  cancel(key: RunKey, by: Principal): Promise<void>
  /** Throws `playbook-ended`, and `playbook-own-approval` when it is whoever started it. */
  approve(key: RunKey, by: Principal): Promise<void>
}

export interface Playbooks extends Runs {
  routes(http: Http): void
  /** Takes up the runs that were open when the process ended, and begins to look after the rules. */
  resume(): Promise<void>
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Runs that are carried forward side by side; most of their time they wait. */
const CONCURRENCY = 16

export function createPlaybooks(parts: PlaybookParts): Playbooks {
  const { kernel, log } = parts
  const loop = createKeyedLoop({
    clock: kernel.clock,
    log,
    name: 'playbook',
    concurrency: CONCURRENCY,
    visit: (key, signal) => {
      const [project = '', id = ''] = key.split('/')
      return advance(parts, { project, id }, signal)
    },
  })
  const wake = ({ project, id }: RunKey): void => loop.wake(`${project}/${id}`)
  const runs: Runs = {
    plan: order => plan(parts, order),
    start: order => start(parts, order, wake),
    cancel: (key, by) => cancel(parts, key, by),
    approve: (key, by) => approve(parts, key, { by, wake }),
  }
  const rules = createRecoveryRules(parts, runs)
  return {
    ...runs,
    routes: http => playbookRoutes(http, parts, runs),
    resume: async () => {
      const open = await kernel.store
        .installation<DriftTables>()
        .selectFrom('oob_playbook_runs')
        .select(['project', 'id'])
        .where('state', 'in', OPEN)
        .execute()
      for (const key of open) wake(key)
      rules.begin()
    },
    settled: async () => {
      await Promise.all([loop.settled(), rules.settled()])
    },
    stop: async () => {
      await rules.stop()
      await loop.stop()
    },
  }
}

async function plan(parts: PlaybookParts, { project, guid, playbook, mayRestart }: StartOrder): Promise<Plan> {
  const { store, clock } = parts.kernel
  await parts.devices.get(store, project, guid)
  const now = await situationOf(parts, { project, guid, host: undefined, actedAt: undefined })
  const refusal = (await refusalOf(store, clock.now(), { project, guid, playbook }))?.message
  return planOf({ playbook, now, policy: await policyOf(parts, project), mayRestart, refusal })
}

async function start(parts: PlaybookParts, order: StartOrder, wake: (key: RunKey) => void): Promise<string> {
  const { project, guid, playbook, by, reason, url, mayRestart } = order
  const { kernel, devices } = parts
  await devices.get(kernel.store, project, guid)
  const { host } = await situationOf(parts, { project, guid, host: undefined, actedAt: undefined })
  return kernel.store.change(async tx => {
    const id = await addRun(kernel, tx, { project, guid, host, playbook, by, reason, url, mayRestart })
    tx.afterCommit(() => wake({ project, id }))
    return id
  })
}

async function cancel({ kernel }: PlaybookParts, key: RunKey, by: Principal): Promise<void> {
  await kernel.store.change(async tx => {
    const row = await runNamed(tx, key)
    const says = `cancelled by ${by.name}`
    const finished_at = formatTime(kernel.clock.now())
    const line = { outcome: 'note' as const, says }
    if (!(await changeRun(kernel, tx, row, { state: 'cancelled', says, finished_at, line })))
      throw problem('playbook-ended', row.says)
    await tellOfRun(kernel, tx, { ...row, phase: 'cancelled', says })
    await kernel.audit.append(tx, {
      chain: projectChain(key.project),
      principal: by,
      action: 'oob.playbook.cancel',
      target: row.guid,
      outcome: 'done',
      detail: { run: row.id, playbook: row.playbook },
    })
  })
}

type Approving = { readonly by: Principal; readonly wake: (key: RunKey) => void }

async function approve({ kernel }: PlaybookParts, key: RunKey, { by, wake }: Approving): Promise<void> {
  await kernel.store.change(async tx => {
    const row = await runNamed(tx, key)
    if (row.state !== 'approval') throw problem('playbook-ended', `it does not wait for approval: ${row.says}`)
    const step = playbookNamed(row.playbook)?.steps[row.step]
    const permission = permissionFor(step === undefined || step.do === 'ask-approval' ? 3 : classOf(step))
    if (!may(by, permission)) throw kernelProblem('not-allowed', `it needs ${permission}`, { permission })
    if (starterOf(row).id === by.id) throw problem('playbook-own-approval', row.says)
    const line = { step: row.step, outcome: 'note' as const, says: `approved by ${by.name}` }
    const change = { state: 'running' as const, approved_by: by.id, step_at: formatTime(kernel.clock.now()) }
    await changeRun(kernel, tx, row, { ...change, says: line.says, line })
    await tellOfRun(kernel, tx, { ...row, phase: 'approved', says: line.says })
    await kernel.audit.append(tx, {
      chain: projectChain(key.project),
      principal: by,
      action: 'oob.playbook.approve',
      target: row.guid,
      outcome: 'done',
      detail: { run: row.id, playbook: row.playbook, step: row.step },
    })
    tx.afterCommit(() => wake(key))
  })
}

/** Throws `not-found`. */
async function runNamed(db: Parameters<typeof findRun>[0], key: RunKey): Promise<PlaybookRunRow> {
  const row = await findRun(db, key)
  if (row === undefined) throw kernelProblem('not-found', `playbook run ${key.id}`)
  return row
}
