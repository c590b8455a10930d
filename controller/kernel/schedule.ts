// SPDX-License-Identifier: Apache-2.0
/** Housekeeping by the clock; the only importer of node-cron. */
import cron from 'node-cron'
import type { Clock, EpochMs, Log } from '../../plugins/contract/index.ts'

export type Job = {
  readonly name: string
  /** Six fields, seconds first, in UTC. */
  readonly at: string
  run(): Promise<void>
}

/** What became of a job. */
export type JobRun = {
  readonly name: string
  readonly at: string
  /** When it last ended, and how long it took; none before it ran. */
  readonly endedAt?: EpochMs
  readonly tookMs?: number
  /** Why it failed, when it did the last time. */
  readonly error?: string
}

export interface Schedule {
  /** In the order in which the jobs were given. */
  runs(): readonly JobRun[]
  stop(): Promise<void>
}

/** Starts the jobs; a run that is still going when the next is due lets that one pass. */
export function startSchedule(jobs: readonly Job[], { log, clock }: { log: Log; clock: Clock }): Schedule {
  const runs = new Map<string, JobRun>(jobs.map(({ name, at }) => [name, { name, at }]))
  const run = async ({ name, at, run: act }: Job): Promise<void> => {
    const began = clock.monotonic()
    const failed = await act().then(
      () => undefined,
      thrown => String(thrown),
    )
    if (failed !== undefined) log.error('a scheduled job failed', { job: name, error: failed })
    const tookMs = Math.round(clock.monotonic() - began)
    runs.set(name, { name, at, endedAt: clock.now(), tookMs, ...(failed === undefined ? {} : { error: failed }) })
  }
  const tasks = jobs.map(job =>
    cron.schedule(job.at, () => run(job), { name: job.name, timezone: 'UTC', noOverlap: true }),
  )
  return {
    runs: () => [...runs.values()],
    stop: async () => {
      for (const task of tasks) await task.destroy()
    },
  }
}
