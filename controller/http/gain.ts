// SPDX-License-Identifier: Apache-2.0
/** Keeps people from giving themselves more of a host by what they write on it. */
import { decide } from '../kernel/access.ts'
import type { Host } from '../kernel/hosts.ts'
import { PERMISSIONS, type Permission, type Principal } from '../kernel/permissions.ts'
import { problem } from '../kernel/problems.ts'

/**
 * Roles hold by site and label: who may write those does not get more of a host by writing them. Throws `not-allowed`
 * (fields: permission).
 */
export function refuseGain(by: Principal, before: Host, after: Host): void {
  const { project } = after
  const has = (permission: Permission, { site, labels }: Host): boolean =>
    decide(by, permission, { project, host: { site, labels } }).allowed
  const permission = PERMISSIONS.find(each => has(each, after) && !has(each, before))
  if (permission === undefined) return
  const detail = `with this site and these labels you would have ${permission} of the host`
  throw problem('not-allowed', detail, { permission })
}
