// SPDX-License-Identifier: Apache-2.0
/** Housekeeping by the clock; the only importer of node-cron. */
import cron from 'node-cron'
import type { Log } from '../../plugins/contract/index.ts'

export type Job = {
  readonly name: string
  /** Six fields, seconds first, in UTC. */
  readonly at: string
  run(): Promise<void>
}

export interface Schedule {
  stop(): Promise<void>
}

/** Starts the jobs; a run that is still going when the next is due lets that one pass. */
export function startSchedule(jobs: readonly Job[], log: Log): Schedule {
  const tasks = jobs.map(job =>
    cron.schedule(
      job.at,
      async () => {
        try {
          await job.run()
        } catch (thrown) {
          log.error('a scheduled job failed', { job: job.name, error: String(thrown) })
        }
      },
      { name: job.name, timezone: 'UTC', noOverlap: true },
    ),
  )
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy()
    },
  }
}
