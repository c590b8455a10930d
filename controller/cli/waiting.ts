// SPDX-License-Identifier: Apache-2.0
/** Waits for the end of commands, by asking the controller to hold its answer. */
import type { EpochMs } from '../../plugins/contract/time.ts'
import { MINUTE, SECOND } from '../../plugins/contract/time.ts'
import { type Command, type CommandState, paths } from './api.ts'
import type { Call, Session } from './call.ts'
import { IDLE_MS } from './client.ts'

/** How long `--wait` waits unless `--timeout` says otherwise. */
export const DEFAULT_WAIT_MS = 10 * MINUTE
/** Longest the controller holds one answer. */
const HOLD_MS = 25 * SECOND

export function isFinished(state: CommandState): boolean {
  return state !== 'queued' && state !== 'sent'
}

/** When the waiting of this call is over. */
export function deadlineOf(call: Call, defaultMs: number): EpochMs {
  return call.clock.monotonic() + (call.options.durationMs('timeout') ?? defaultMs)
}

/** The command once it is finished, or as it is when the deadline passes. Rejects when the call is interrupted. */
export async function awaitCommand(
  call: Call,
  session: Session,
  wanted: { id: string; until: EpochMs },
): Promise<Command> {
  for (;;) {
    const leftMs = Math.max(0, wanted.until - call.clock.monotonic())
    const waitMs = Math.floor(Math.min(HOLD_MS, leftMs))
    const command: Command = await session.client.get(paths.command(session.project, wanted.id), {
      query: { waitMs },
      idleMs: IDLE_MS + waitMs,
    })
    if (isFinished(command.state) || leftMs <= HOLD_MS) return command
  }
}
