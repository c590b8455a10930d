// SPDX-License-Identifier: Apache-2.0
/** Writes down what is tried on each device, so that it can be followed, and gone on with after a cut. */
import { formatTime, newUlid } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Tx } from '../../../store/store.ts'
import type { Marks } from './ground.ts'
import type { ActivationRow, ActivationTables } from './tables.ts'

export type NewAttempt = {
  readonly project: string
  readonly guid: string
  readonly verb: 'activate' | 'deactivate' | 'maintenance'
  readonly profile: string | undefined
  readonly mode: 'client' | 'admin' | undefined
  readonly from: 'none' | 'client' | 'admin'
  readonly address: string
}

export type Ending = {
  readonly outcome: 'succeeded' | 'failed' | 'cut'
  /** What the client was told. */
  readonly message: string
  readonly messages: number
}

/** One attempt, from its first message to its end. */
export interface Attempt {
  readonly id: string
  step(what: string, why: string): Promise<void>
  end(ending: Ending): Promise<void>
}

export interface Ledger {
  begin(attempt: NewAttempt): Promise<Attempt>
  /** Writes down what was turned away before it began. */
  refused(attempt: NewAttempt, message: string): Promise<void>
  /** The last attempt, when it was cut off. */
  unfinished(project: string, guid: string): Promise<ActivationRow | undefined>
  /** The profile of the last activation that succeeded. */
  profileOf(project: string, guid: string): Promise<string | undefined>
  marks(project: string, guid: string): Marks
  /** Attempts that were running when the program last stopped are cut off. */
  recover(): Promise<void>
}

const KEPT = 50
const MAX_MESSAGE = 500

export function createLedger(kernel: Kernel): Ledger {
  const { store, clock, random } = kernel
  const insert = async (tx: Tx, attempt: NewAttempt, more: Partial<ActivationRow>): Promise<string> => {
    const { project, from, ...rest } = attempt
    const id = newUlid(clock.now(), random)
    const at = formatTime(clock.now())
    const row = {
      id,
      guid: rest.guid,
      verb: rest.verb,
      address: rest.address,
      profile: rest.profile ?? null,
      mode: rest.mode ?? null,
      from_mode: from,
      host: await hostOf(tx, project, rest.guid),
      started_at: at,
      finished_at: null,
      step: 'begin',
      outcome: 'running' as const,
      message: '',
      steps: 0,
      messages: 0,
      ...more,
    }
    await tx.of<ActivationTables>(project).insert('oob_activations', row).execute()
    await prune(tx, project, rest.guid)
    return id
  }
  return {
    async begin(attempt) {
      const id = await store.change(async tx => {
        const made = await insert(tx, attempt, {})
        await emit(kernel, tx, attempt, { id: made, step: 'begin', why: attempt.profile ?? attempt.verb })
        return made
      })
      return openAttempt(kernel, attempt, id)
    },
    async refused(attempt, message) {
      await store.change(async tx => {
        const ended = { finished_at: formatTime(clock.now()), step: 'refused', outcome: 'failed' as const }
        const id = await insert(tx, attempt, { ...ended, message: message.slice(0, MAX_MESSAGE) })
        await emit(kernel, tx, attempt, { id, step: 'refused', why: message })
      })
    },
    async unfinished(project, guid) {
      const last = await store
        .of<ActivationTables>(project)
        .select('oob_activations')
        .selectAll()
        .where('guid', '=', guid)
        .where('step', '!=', 'refused')
        .where('verb', '!=', 'maintenance')
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return last?.outcome === 'cut' || last?.outcome === 'running' ? last : undefined
    },
    async profileOf(project, guid) {
      const last = await store
        .of<ActivationTables>(project)
        .select('oob_activations')
        .select('profile')
        .where('guid', '=', guid)
        .where('verb', '=', 'activate')
        .where('outcome', '=', 'succeeded')
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      return last?.profile ?? undefined
    },
    marks: (project, guid) => marksOf(kernel, project, guid),
    async recover() {
      await store
        .installation<ActivationTables>()
        .updateTable('oob_activations')
        .set({ outcome: 'cut', finished_at: formatTime(clock.now()), message: 'the controller stopped' })
        .where('outcome', '=', 'running')
        .execute()
    },
  }
}

function openAttempt(kernel: Kernel, attempt: NewAttempt, id: string): Attempt {
  const { store, clock } = kernel
  const { project, guid, verb } = attempt
  const change = (tx: Tx) => tx.of<ActivationTables>(project)
  return {
    id,
    async step(what, why) {
      await store.change(async tx => {
        await change(tx)
          .update('oob_activations', { step: what })
          .set(each => ({ steps: each('steps', '+', 1) }))
          .where('id', '=', id)
          .execute()
        await emit(kernel, tx, attempt, { id, step: what, why })
      })
    },
    async end({ outcome, message, messages }) {
      await store.change(async tx => {
        const finished_at = formatTime(clock.now())
        const text = message.slice(0, MAX_MESSAGE)
        await change(tx)
          .update('oob_activations', { outcome, message: text, messages, finished_at })
          .where('id', '=', id)
          .execute()
        await emit(kernel, tx, attempt, { id, step: 'end', why: text, outcome })
        await kernel.audit.append(tx, {
          chain: projectChain(project),
          principal: SYSTEM,
          action: `oob.${verb}`,
          target: guid,
          outcome: outcome === 'succeeded' ? 'done' : 'refused',
          detail: { activation: id, message: text, address: attempt.address },
        })
      })
    },
  }
}

type Said = { readonly id: string; readonly step: string; readonly why: string; readonly outcome?: string }

async function emit(kernel: Kernel, tx: Tx, { project, guid, verb }: NewAttempt, said: Said): Promise<void> {
  const { id, step, why, outcome } = said
  await kernel.events.emit(tx, {
    project,
    type: 'oob.activation',
    subject: guid,
    data: { activation: id, verb, step, why: why.slice(0, MAX_MESSAGE), ...(outcome === undefined ? {} : { outcome }) },
  })
}

async function hostOf(tx: Tx, project: string, guid: string): Promise<string | null> {
  const row = await tx
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select('id')
    .where('uuid', '=', guid)
    .where('state', '!=', 'deleted')
    .executeTakeFirst()
  return row?.id ?? null
}

async function prune(tx: Tx, project: string, guid: string): Promise<void> {
  const old = await tx
    .of<ActivationTables>(project)
    .select('oob_activations')
    .select('id')
    .where('guid', '=', guid)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(KEPT)
    .offset(KEPT)
    .execute()
  if (old.length === 0) return
  const ids = old.map(each => each.id)
  await tx.of<ActivationTables>(project).remove('oob_activations').where('id', 'in', ids).execute()
}

/** What must survive a cut beside the ledger; also used when drift is repaired over the tunnel. */
export function marksOf({ store }: Pick<Kernel, 'store'>, project: string, guid: string): Marks {
  return {
    async uncommitted() {
      const row = await store
        .of<ActivationTables>(project)
        .select('oob_activation_marks')
        .select('uncommitted')
        .where('guid', '=', guid)
        .executeTakeFirst()
      return row?.uncommitted === 1
    },
    async setUncommitted(value) {
      const uncommitted = value ? 1 : 0
      await store.change(async tx => {
        await tx
          .of<ActivationTables>(project)
          .insert('oob_activation_marks', { guid, uncommitted })
          .onConflict(clash => clash.columns(['project', 'guid']).doUpdateSet({ uncommitted }))
          .execute()
      })
    },
  }
}
