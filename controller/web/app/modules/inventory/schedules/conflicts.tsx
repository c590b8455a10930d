// SPDX-License-Identifier: Apache-2.0
/** Schedules that are open at once for the same hosts. */
import { Info, Triangle } from 'lucide-react'
import { t } from '../../../words/inventory/schedules.ts'
import { flattened, type PlaceNode } from '../sites/tree.ts'
import type { Schedule } from './queries.ts'
import './schedules.css'
import { clockTime, ownZone } from './speak.ts'
import type { Conflict } from './week.ts'

/** A place and everything around it: regions from the tree, the site of a host from where it is embedded. */
export function chainIn(
  tree: readonly PlaceNode[],
  schedules: readonly Pick<Schedule, 'target' | 'place'>[],
): (target: string) => readonly string[] {
  const parents = new Map(flattened(tree).map(({ id, parent }) => [id, parent]))
  const sites = new Map(
    schedules.flatMap(({ target, place: { site } }) => (site === undefined ? [] : [[target, site]])),
  )
  return target => {
    const chain = [target]
    for (
      let at = sites.get(target) ?? parents.get(target) ?? '';
      at !== '' && !chain.includes(at);
      at = parents.get(at) ?? ''
    )
      chain.push(at)
    return chain
  }
}

export function ConflictList({ conflicts }: { readonly conflicts: readonly Conflict[] }) {
  return (
    <ul className="mu-conflicts">
      {conflicts.map(({ one, other, at, differ }) => (
        <li key={`${one.id} ${other.id}`} className={differ ? 'mu-degraded' : 'mu-unknown'}>
          {differ ? <Triangle size={14} aria-hidden /> : <Info size={14} aria-hidden />}
          <span>
            {differ ? t.conflicts.differ(one.name, other.name) : t.conflicts.same(one.name, other.name)}{' '}
            {t.conflicts.first(clockTime(at, ownZone()))}
          </span>
        </li>
      ))}
    </ul>
  )
}
