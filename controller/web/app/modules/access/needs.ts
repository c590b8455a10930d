// SPDX-License-Identifier: Apache-2.0
/** Administrators whom a password alone lets in, for the overview. */
import { get } from '../../api/call.ts'
import { t } from '../../words/access.ts'
import type { NeedSource } from '../pages.ts'
import { isWeak } from './people.ts'

export const weakAdmins: NeedSource = {
  id: 'weak-admins',
  permission: 'access.read',
  key: 'people',
  ask: async ({ signal }) => {
    const [{ people }, { bindings }] = await Promise.all([
      get('/v1/access/people')({ signal }),
      get('/v1/access/bindings')({ signal }),
    ])
    const weak = people.filter(person => isWeak(person, bindings))
    if (weak.length === 0) return []
    return [
      {
        id: 'weak-admins',
        rank: 0,
        text: t.people.need(weak.length),
        to: '/access?tab=people&factor=none&role=admin',
        verb: t.people.needVerb,
      },
    ]
  },
}
