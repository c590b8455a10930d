// SPDX-License-Identifier: Apache-2.0
/** What a schedule is for, as a link to its page. */
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/schedules.ts'
import type { Place } from './queries.ts'

export function PlaceLink({ place: { kind, id, name } }: { readonly place: Place }) {
  const to = kind === 'host' ? `/hosts/${id}` : kind === 'site' ? `/sites/${id}` : `/sites?region=${id}`
  return (
    <span>
      {t.target[kind]} <Go to={to}>{name}</Go>
    </span>
  )
}
