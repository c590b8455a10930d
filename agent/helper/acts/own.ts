// SPDX-License-Identifier: Apache-2.0
/** What concerns the helper itself: who it is, and whom it trusts. */
import { SECOND } from '../../../plugins/contract/index.ts'
import type { Act } from '../act.ts'

const WITHIN_MS = 5 * SECOND

export const greet: Act<'helper.greet'> = {
  title: 'Say who it is and whom it trusts',
  authority: 'open',
  withinMs: WITHIN_MS,
  perform: async (_input, { greeting }) => greeting,
}

/** Needs no other authority: the bundle carries the signature of a root that the present one trusts. */
export const trust: Act<'trust.update'> = {
  title: 'Follow a rotation of keys',
  authority: 'open',
  withinMs: WITHIN_MS,
  alone: 'trust',
  perform: ({ trust: next }, { renewTrust }) => renewTrust(next),
}
