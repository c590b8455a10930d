// SPDX-License-Identifier: Apache-2.0
/** Whether a join token still lets machines in: pure. */
import type { AnswerOf } from '../../../api/call.ts'

export type JoinToken = AnswerOf<'/v1/projects/{project}/enrollment/tokens', 'GET'>['tokens'][number]
export type TokenState = 'good' | 'used' | 'expired' | 'revoked'

/** What ended it first counts, as somebody would tell it. */
export function stateOf(token: Pick<JoinToken, 'revokedAt' | 'used' | 'uses' | 'expiresAt'>, now: number): TokenState {
  if (token.revokedAt !== undefined) return 'revoked'
  if (token.used >= token.uses) return 'used'
  return Date.parse(token.expiresAt) <= now ? 'expired' : 'good'
}
