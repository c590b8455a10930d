// SPDX-License-Identifier: Apache-2.0
/** Which hosts a request means: filter, search, labels, presence, as far as its caller sees them. */
import { type Static, Type } from 'typebox'
import { hostsWithin } from '../kernel/access.ts'
import type { HostSelection } from '../kernel/host-list.ts'
import type { Label } from '../kernel/hosts.ts'
import type { Principal } from '../kernel/permissions.ts'
import { MAX_FILTER_LENGTH, parseFilter } from '../query/filter.ts'
import type { Fields, SqlField } from '../query/query.ts'
import { problem } from './problems.ts'

/** In AIP-160. */
export const FilterText = Type.Optional(
  Type.String({
    maxLength: 2 * MAX_FILTER_LENGTH,
    description: 'AIP-160, such as: name = "press" AND NOT has(site) AND metadata.line = l1',
  }),
)

/** What says which hosts are meant. */
export const HostSelectionQuery = {
  filter: FilterText,
  search: Type.Optional(
    Type.String({ maxLength: 200, description: 'Part of a name, host name, id, UUID or serial number' }),
  ),
  label: Type.Optional(Type.String({ maxLength: 500, description: 'key=value, several separated by commas' })),
  online: Type.Optional(Type.Boolean()),
} as const

/** The same, read. */
export type HostSelectionQuery = Static<ReturnType<typeof Type.Object<typeof HostSelectionQuery>>>

type Asking = {
  readonly project: string
  readonly query: HostSelectionQuery
  readonly caller: Principal
}

/** The hosts that a query asks for, as far as its caller sees them. */
export function selectionOf({ project, query, caller }: Asking, fields: Fields<SqlField>): HostSelection {
  return {
    filter: parseFilter(query.filter ?? ''),
    fields,
    search: query.search,
    labels: labelsOf(query.label),
    online: query.online,
    within: hostsWithin(caller, 'host.read', project),
  }
}

function labelsOf(text: string | undefined): readonly Label[] {
  if (text === undefined || text === '') return []
  return text.split(',').map(pair => {
    const [key = '', value, ...rest] = pair.split('=')
    if (key === '' || value === undefined || rest.length > 0) {
      throw problem('bad-request', `label=${pair.slice(0, 60)}: write key=value`)
    }
    return { key, value }
  })
}
