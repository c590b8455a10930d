// SPDX-License-Identifier: Apache-2.0
/** Registers the hosts of a checked file, some at a time: each row whole or not at all, and running it again does the rest. */
import { Problem } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { getProject } from '../../../kernel/projects.ts'
import type { Engine } from '../engine/engine.ts'
import type { UploadedRow } from './reading.ts'
import { type Added, addOrResume, type Importing, RowFailure } from './row.ts'
import { type HostPlan, SAYS } from './rules.ts'

/** Rows in one transaction. */
const BATCH = 100
/** How long one may take: whoever else waits for this process or its database waits that long. */
const SLICE_MS = 50

export type ImportParts = { readonly kernel: Kernel; readonly engine: Engine }
export type PlannedRow = UploadedRow & { readonly plan: HostPlan }

/** What became of a row. */
export type Outcome = PlannedRow &
  (Added | { readonly outcome: 'failed'; readonly error: string; readonly detail?: string })

/**
 * Works through the rows in order and gives what became of some at a time; stops there when it is no longer read. Throws
 * `not-found` once the project is gone.
 */
export async function* importHosts(
  parts: ImportParts,
  { act, rows }: { readonly act: Importing; readonly rows: readonly PlannedRow[] },
): AsyncGenerator<readonly Outcome[]> {
  let at = 0
  while (at < rows.length) {
    // Of a project that is being deleted not each row that is left needs to fail by itself.
    await getProject(parts.kernel.store, act.project)
    const done = await importSome(parts, act, rows.slice(at, at + BATCH))
    at += done.length
    yield done
    await parts.kernel.clock.sleep(0, new AbortController().signal)
  }
}

/**
 * Imports the first of these rows in one transaction, at least one of them. A row that fails undoes what it did, and with
 * it those before, which are then done again without it.
 */
async function importSome(
  parts: ImportParts,
  act: Importing,
  rows: readonly PlannedRow[],
): Promise<readonly Outcome[]> {
  const { store, clock, log } = parts.kernel
  const done: Outcome[] = []
  const began = clock.monotonic()
  try {
    await store.change(async tx => {
      for (const row of rows) {
        done.push({ ...row, ...(await addOrResume(parts, tx, { act, plan: row.plan })) })
        if (clock.monotonic() - began > SLICE_MS) return
      }
    })
    return done
  } catch (thrown) {
    if (done.length > 0) return importSome(parts, act, rows.slice(0, done.length))
    return rows.slice(0, 1).map(row => failed(log, row, thrown))
  }
}

function failed(log: Kernel['log'], row: PlannedRow, thrown: unknown): Outcome {
  const { cause, message } = thrown instanceof RowFailure ? thrown : { cause: thrown, message: SAYS.internal }
  if (!(cause instanceof Problem) && cause !== undefined)
    log.error('a row was not imported', { row: row.number, error: String(cause) })
  const detail = cause instanceof Problem ? { detail: cause.message } : {}
  return { ...row, outcome: 'failed', error: message, ...detail }
}
