// SPDX-License-Identifier: Apache-2.0
/** A join token made by the owner of the machine, beside a running controller and without an account. */
import { HOUR } from '../../../plugins/contract/index.ts'
import { formatToken } from '../../../provisioning/enroll/token.ts'
import { appendEntry, projectChain } from '../../kernel/audit.ts'
import type { OwnerToken } from '../../kernel/module.ts'
import { SYSTEM } from '../../kernel/permissions.ts'
import type { Surroundings } from '../../kernel/ports.ts'
import { problem } from '../../kernel/problems.ts'
import { findProject } from '../../kernel/projects.ts'
import { createJoinToken } from './tokens.ts'

/**
 * Makes a token and returns its text, which is kept nowhere. It is audited like one that somebody made who signed in.
 * Throws `not-found` for a project that is not there or not active, and `quota-exceeded`.
 */
export async function makeOwnerToken(
  { store, project, uses, hours, rootFingerprint }: OwnerToken,
  surroundings: Omit<Surroundings, 'log'>,
): Promise<string> {
  return store.change(async tx => {
    if ((await findProject(tx, project))?.state !== 'active') throw problem('not-found', `project ${project}`)
    const { token, id, secret } = await createJoinToken(surroundings, tx, project, {
      uses,
      expiresInMs: hours * HOUR,
      labels: [],
      needsApproval: false,
      serial: undefined,
      cidr: undefined,
      host: undefined,
      site: undefined,
      note: 'made on the controller’s machine',
      by: SYSTEM.id,
    })
    const record = {
      chain: projectChain(project),
      principal: { ...SYSTEM, via: 'machine-owner' },
      action: 'join-token.create',
      target: id,
      outcome: 'done',
      detail: { uses, expiresAt: token.expiresAt },
    } as const
    await appendEntry(tx, record, surroundings)
    return formatToken({ id, secret, root: rootFingerprint })
  })
}
