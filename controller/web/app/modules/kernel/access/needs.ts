// SPDX-License-Identifier: Apache-2.0
/** Tokens that nothing uses, for the overview. */
import { get } from '../../../api/call.ts'
import { t } from '../../../words/access-tokens.ts'
import type { NeedSource } from '../../pages.ts'
import { isUnused } from './tokens.ts'

export const unusedTokens: NeedSource = {
  id: 'unused-tokens',
  permission: 'access.read',
  key: 'tokens',
  ask: async ({ signal }) => {
    const { tokens } = await get('/v1/access/tokens')({ signal })
    const unused = tokens.filter(token => isUnused(token, Date.now()))
    if (unused.length === 0) return []
    return [
      {
        id: 'unused-tokens',
        rank: 3,
        text: t.need(unused.length),
        to: '/access?tab=tokens&show=unused',
        verb: t.needVerb,
      },
    ]
  },
}
