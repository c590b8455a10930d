// SPDX-License-Identifier: Apache-2.0
/** How far a command has come, as three ticks. Pure. */
import type { Command } from '../api/types.ts'
import { t } from '../words/views.ts'
import { absolute, spoken } from './age.ts'
import type { Check } from './checklist.tsx'

export type Ticks = {
  readonly checks: readonly Check[]
  /** It may still be taken back. */
  readonly isWaiting: boolean
  readonly isOver: boolean
  /** How it ended, where it did not end well. */
  readonly ending?: string
}

type Progress = Pick<Command, 'state' | 'createdAt' | 'sentAt' | 'finishedAt' | 'expiresAt' | 'problem'>

export function ticksOf(command: Progress): Ticks {
  const { state, createdAt, sentAt, finishedAt, expiresAt } = command
  const after = (at: string): string => spoken(Date.parse(at) - Date.parse(createdAt))
  const isOver = state !== 'queued' && state !== 'sent'
  const wasSent = sentAt !== undefined
  const ending = endingOf(command)
  const accepted: Check = {
    id: 'accepted',
    text: t.ticks.accepted,
    state: wasSent ? 'done' : isOver ? 'failed' : 'now',
    ...(wasSent ? { detail: t.ticks.acceptedWhat(after(sentAt)) } : {}),
    ...(state === 'queued' ? { detail: t.ticks.waits(absolute(expiresAt)) } : {}),
  }
  const applied: Check = {
    id: 'applied',
    text: t.ticks.applied,
    state: appliedState(state, wasSent),
    ...(state === 'sent' ? { detail: t.ticks.runs } : {}),
    ...(state === 'succeeded' && finishedAt !== undefined ? { detail: t.ticks.appliedWhat(after(finishedAt)) } : {}),
  }
  return {
    checks: [{ id: 'sent', text: t.ticks.sent, state: 'done', detail: t.ticks.sentWhat }, accepted, applied],
    isWaiting: state === 'queued',
    isOver,
    ...(ending === undefined ? {} : { ending }),
  }
}

function appliedState(state: Progress['state'], wasSent: boolean): Check['state'] {
  if (state === 'succeeded') return 'done'
  if (state === 'sent') return 'now'
  if (state === 'queued') return 'waiting'
  return wasSent ? 'failed' : 'skipped'
}

function endingOf({ state, problem, sentAt, expiresAt }: Progress): string | undefined {
  const { title = '', detail } = (problem ?? {}) as { title?: string; detail?: string } // checked when it came in
  const why = detail === undefined ? title : `${title}: ${detail}`
  if (state === 'cancelled') return t.ticks.cancelled
  if (state === 'expired') return sentAt === undefined ? t.ticks.expired(absolute(expiresAt)) : t.ticks.lost
  if (state === 'failed') return t.ticks.failed(why)
  return state === 'refused' ? t.ticks.refused(why) : undefined
}
