// SPDX-License-Identifier: Apache-2.0
/** The project that a request of the toolkit is about. */
import type { FastifyRequest } from 'fastify'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import { namedProject, ToolkitAnswer } from '../toolkit/toolkit.ts'

/** Throws 404 when there is no project of the name that the path or the tenant header gives. */
export async function projectOf({ store }: Pick<Kernel, 'store'>, request: FastifyRequest): Promise<string> {
  const name = namedProject(request)
  const row = await store
    .installation<KernelTables>()
    .selectFrom('kernel_projects')
    .select('name')
    .where('name', '=', name)
    .executeTakeFirst()
  if (row === undefined) throw new ToolkitAnswer(404, { error: 'Not Found', message: `Project ${name} Not Found` })
  return row.name
}
