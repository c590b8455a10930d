// SPDX-License-Identifier: Apache-2.0
/** When a host that waits for a window gets one, as far as schedules tell. */
import type { Json } from '../../../../plugins/contract/index.ts'
import { reportsOf } from '../../../kernel/documents.ts'
import type { Host } from '../../../kernel/hosts.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Blocker } from '../../../kernel/module.ts'
import { RANKS } from '../../../kernel/ranks.ts'
import { chainOf } from '../chain.ts'
import type { Engine } from '../engine/engine.ts'
import { upcoming } from './effect.ts'
import { occurrenceOf } from './routes.ts'
import { scheduledFor } from './stored.ts'

/** One blocker when some section of the host is held by a window and a schedule of its places opens some time. */
export function windowBlockers({ kernel, engine }: { readonly kernel: Kernel; readonly engine: Engine }) {
  return async (host: Host): Promise<readonly Blocker[]> => {
    const { project, id } = host
    const reports = (await reportsOf(kernel.store, project, [id])).get(id) ?? new Map()
    const waiting = [...reports.values()].filter(({ status, problem }) => status === 'held' && isWindow(problem))
    if (waiting.length === 0) return []
    const chain = await chainOf(engine, kernel.store, project, { host: id })
    const now = kernel.clock.now()
    const [next] = upcoming(await scheduledFor(kernel.store, project, { chain, at: undefined }), now, 1)
    if (next === undefined) return []
    const { scheduleId, name, scheduleStatus, targetId, open, startTime, localStart, timezone } = occurrenceOf(
      next,
      now,
    )
    return [
      {
        code: 'window-closed',
        rank: RANKS.window,
        title: open
          ? `A scheduled window of ${targetId} is open, and the host still waits for its own`
          : `The next scheduled window of ${targetId} opens ${localStart} (${timezone})`,
        evidence: {
          id: scheduleId,
          name,
          scheduleStatus,
          target: targetId,
          opens: startTime,
          localStart,
          timezone,
          open,
          sections: waiting.map(({ section }) => section),
        },
        next: open
          ? 'look at the windows in the section maintenance of the host'
          : 'wait for it, or change the schedule',
      },
    ]
  }
}

/** Reports carry problems that were checked against their schema when they came in. */
function isWindow(problem: Json | undefined): boolean {
  return (problem as { code?: string } | null | undefined)?.code === 'held-window'
}
