// SPDX-License-Identifier: Apache-2.0
/** What somebody who is everything in a project still may not decide about it. */
import { decide } from '../../kernel/access.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem } from '../../kernel/problems.ts'

/** Throws `not-allowed` for who may not write projects everywhere: a quota that its own project could raise holds nobody. */
export function checkOverInstallation(principal: Principal): void {
  if (decide(principal, 'project.write').allowed) return
  throw problem('not-allowed', 'it needs project.write in the whole installation', { permission: 'project.write' })
}
