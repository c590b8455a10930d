// SPDX-License-Identifier: Apache-2.0
/** The last fence between projects: nobody leaves a trace, and so no change, in a project they may not enter. */
import type { Tx } from '../store/store.ts'
import { mayEnter } from './access.ts'
import type { Principal } from './permissions.ts'
import type { KernelTables } from './tables/tables.ts'

const PREFIX = 'project:'

/** The project a chain belongs to; `undefined` for that of the installation. */
export function projectOfChain(chain: string): string | undefined {
  return chain.startsWith(PREFIX) ? chain.slice(PREFIX.length) : undefined
}

/** `closed`: the project is gone or going. `breach`: it is there, and the principal has no business in it. */
export type Standing = 'within' | 'closed' | 'breach'

/** Says how a principal stands to the project of a chain. What the controller and the hosts themselves do passes. */
export async function standingIn(tx: Tx, chain: string, principal: Principal): Promise<Standing> {
  const project = projectOfChain(chain)
  if (project === undefined || principal.kind === 'system' || principal.kind === 'host') return 'within'
  if (!mayEnter(principal, project)) return 'breach'
  const row = await tx
    .installation<KernelTables>()
    .selectFrom('kernel_projects')
    .select('state')
    .where('name', '=', project)
    .executeTakeFirst()
  return row?.state === 'active' ? 'within' : 'closed'
}
