// SPDX-License-Identifier: Apache-2.0
/** Ends commands whose time is over. */
import { DAY, HOUR } from '../../plugins/contract/index.ts'
import type { Store } from '../store/store.ts'
import { type Command, finishCommand, overdue } from './commands.ts'
import type { Events } from './events.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'

/** A host remembers a command's result for a day after its deadline; later it could not answer any more. */
export const SILENCE_MS = DAY + HOUR

export type SweepParts = Surroundings & { readonly store: Store; readonly events: Events }

/** Ends commands never sent at their deadline, and sent ones once their host can no longer answer for them. */
export async function sweepCommands(parts: SweepParts): Promise<number> {
  const late = await overdue(parts.store, parts.clock.now(), SILENCE_MS)
  for (const command of late) await expire(parts, command)
  return late.length
}

async function expire({ store, events, clock }: SweepParts, command: Command): Promise<void> {
  const { project, id, host, section, name, state } = command
  const why = state === 'queued' ? problem('expired-waiting') : problem('no-answer')
  await store.change(async tx => {
    const ended = await finishCommand(tx, project, {
      id,
      host,
      state: 'expired',
      problem: why.toJSON(),
      now: clock.now(),
    })
    if (ended === undefined) return
    await events.emit(tx, {
      project,
      type: 'command.finished',
      subject: id,
      data: { host, section, name, state: 'expired' },
    })
  })
}
