// SPDX-License-Identifier: Apache-2.0
/** What a step of a playbook stands on, and what it may answer. */
import { type EpochMs, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import type { Tx } from '../../../store/store.ts'
import { changeRun } from './playbook-runs.ts'
import { type PlaybookParts, type Situation, situationOf } from './playbook-situation.ts'
import type { PlayStep } from './playbooks/playbook.ts'
import type { PlaybookRunRow } from './tables-drift.ts'

/** What a step under way must not forget, over restarts. */
export type Scratch = {
  /** The power order it gave. */
  readonly order?: string
  /** The activation order it gave. */
  readonly attempt?: number
  /** What cannot be looked up was sent, or may have been. */
  readonly sent?: true
}

export type Progress =
  | { readonly is: 'done' | 'skipped' | 'failed'; readonly says: string }
  | { readonly is: 'waiting'; readonly says: string; readonly forMs: number }
  /** Somebody must approve first. */
  | { readonly is: 'held'; readonly says: string }

export type Scene<S extends PlayStep = PlayStep> = {
  readonly parts: PlaybookParts
  readonly row: PlaybookRunRow
  readonly step: S
  readonly scratch: Scratch
  readonly now: EpochMs
  readonly signal: AbortSignal
}

export type StepOf<K extends PlayStep['do']> = Extract<PlayStep, { readonly do: K }>

/** How often what takes time is looked at. */
export const LOOK_MS = 5 * SECOND
/** How long a step may wait for a tunnel that went, before it acts. */
export const TUNNEL_MS = 5 * MINUTE

export const done = (says: string): Progress => ({ is: 'done', says })
export const failed = (says: string): Progress => ({ is: 'failed', says })
export const skipped = (says: string): Progress => ({ is: 'skipped', says })
export const waiting = (says: string, forMs = LOOK_MS): Progress => ({ is: 'waiting', says, forMs })

/** How long the step is under way. */
export function ageOf({ row, now }: Scene): number {
  return row.step_at === null ? 0 : now - Date.parse(row.step_at)
}

export function seen({ parts, row }: Scene): Promise<Situation> {
  const { project, guid, host, acted_at: acted } = row
  return situationOf(parts, {
    project,
    guid,
    host: host ?? undefined,
    actedAt: acted === null ? undefined : Date.parse(acted),
  })
}

/** Keeps what must not be forgotten, in the transaction of what it is about. Answers whether the run is still open. */
export function remember({ parts, row }: Scene, tx: Tx, scratch: Scratch, actedAt?: string): Promise<boolean> {
  const acted = actedAt === undefined ? {} : { acted_at: actedAt }
  return changeRun(parts.kernel, tx, row, { scratch: JSON.stringify(scratch), ...acted })
}
