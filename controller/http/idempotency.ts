// SPDX-License-Identifier: Apache-2.0
/** Makes a POST safe to repeat: the same key and body give the first answer again. */
import type { FastifyRequest } from 'fastify'
import { canonical, formatTime } from '../../plugins/contract/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { problem } from '../kernel/problems.ts'
import type { KernelTables } from '../kernel/tables/tables.ts'
import type { Tx } from '../store/store.ts'
import { callerOf } from './guard.ts'
import { problem as httpProblem } from './problems.ts'

export type Answer<Body> = { readonly status: number; readonly body: Body }

/**
 * Runs an act once per `Idempotency-Key` of this caller, in one transaction with the record of its answer.
 * Throws `idempotency-mismatch` when the key was used for another request.
 */
export async function once<Body>(
  kernel: Kernel,
  request: FastifyRequest,
  act: (tx: Tx) => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return kernel.store.change(act)
  if (key.length > 200) throw httpProblem('bad-request', 'an Idempotency-Key has at most 200 characters')
  const principal = callerOf(request).id
  const { project = '' } = (request.params ?? {}) as { project?: string } // texts of the path
  const digest = kernel.digest(canonical({ method: request.method, url: request.url, body: request.body ?? null }))
  return kernel.store.change(async tx => {
    const rows = tx.installation<KernelTables>()
    const known = await rows
      .selectFrom('kernel_idempotency')
      .selectAll()
      .where('principal', '=', principal)
      .where('key', '=', key)
      .executeTakeFirst()
    if (known !== undefined) {
      if (known.digest !== digest) throw problem('idempotency-mismatch')
      return { status: known.status, body: JSON.parse(known.body) as Body } // written below from this very type
    }
    const answer = await act(tx)
    await rows
      .insertInto('kernel_idempotency')
      .values({
        project,
        principal,
        key,
        digest,
        status: answer.status,
        body: JSON.stringify(answer.body),
        created_at: formatTime(kernel.clock.now()),
      })
      .execute()
    return answer
  })
}
