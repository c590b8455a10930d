// SPDX-License-Identifier: Apache-2.0
/** What the parts of access control share, and how they write down what was done. */
import type { FastifyRequest } from 'fastify'
import type { Json } from '../../../plugins/contract/index.ts'
import { callerOf } from '../../http/guard.ts'
import { INSTALLATION_CHAIN, projectChain } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import type { Secrets } from '../../secrets/secrets.ts'
import type { Tx } from '../../store/store.ts'
import type { Passwords } from './accounts/passwords.ts'
import type { AccessConfig } from './config.ts'
import type { Sessions } from './sessions/sessions.ts'

export type AccessParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly config: AccessConfig
  readonly passwords: Passwords
  readonly sessions: Sessions
}

export type Act = {
  readonly action: string
  readonly target: string
  readonly detail?: Json
  /** The project whose chain it belongs to; the installation's own when left out. */
  readonly project?: string | undefined
  /** Who did it, where the request does not say. */
  readonly by?: Principal
  readonly outcome?: 'done' | 'refused'
}

/** Records an act in the transaction of the change. */
export async function record(kernel: Kernel, tx: Tx, request: FastifyRequest, act: Act): Promise<void> {
  const { action, target, detail, project, by, outcome = 'done' } = act
  const { reason } = request.query as { readonly reason?: string } // routes without `Because` have no such member
  await kernel.audit.append(tx, {
    chain: project === undefined || project === '' ? INSTALLATION_CHAIN : projectChain(project),
    principal: by ?? callerOf(request),
    action,
    target,
    outcome,
    request: request.id,
    ...(reason === undefined ? {} : { reason }),
    ...(detail === undefined ? {} : { detail }),
  })
}
