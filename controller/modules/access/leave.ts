// SPDX-License-Identifier: Apache-2.0
/** What is said about a project's access goes with the project, so that a later one of its name inherits nothing. */
import type { KernelTables } from '../../kernel/tables/tables.ts'
import type { Store } from '../../store/store.ts'
import type { AccessTables } from './tables.ts'

/** Idempotent. */
export async function leaveProject(store: Store, project: string): Promise<void> {
  await store.change(async tx => {
    const rows = tx.installation<AccessTables & KernelTables>()
    await rows.deleteFrom('access_bindings').where('project', '=', project).execute()
    await rows.deleteFrom('kernel_tokens').where('project', '=', project).execute()
  })
}
