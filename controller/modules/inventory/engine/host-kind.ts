// SPDX-License-Identifier: Apache-2.0
/** The kernel's hosts, for references that lead to them. */

import type { Json } from '../../../../plugins/contract/index.ts'
import { hostResources } from '../../../http/hosts.ts'
import { HOST_FIELDS } from '../../../kernel/host-fields.ts'
import { listHosts } from '../../../kernel/host-list.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Fields, SqlField } from '../../../query/query.ts'
import { referenceFields } from './fields.ts'
import type { Kind, OutsideKind } from './kind.ts'

/** Hosts as they are shown elsewhere; those that were deleted are not there. */
export function hostKind(kernel: Kernel, find: (name: string) => Kind): OutsideKind {
  return {
    name: 'host',
    prefix: 'host',
    table: 'kernel_hosts',
    get fields() {
      return { ...HOST_FIELDS, ...siteFields(find) }
    },
    present: async (db, project, ids) => {
      const { hosts } = await listHosts(db, project, { ids, limit: ids.length })
      return new Set(hosts.map(host => host.id))
    },
    render: async (project, ids) => {
      const { hosts } = await listHosts(kernel.store, project, { ids, limit: ids.length })
      const resources = await hostResources(kernel, project, hosts)
      // A host resource is JSON made of its record and its facets.
      return new Map(resources.map(each => [each.resourceId, each as unknown as Readonly<Record<string, Json>>]))
    },
  }
}

/**
 * Members of the site a host stands at, and of the region that is in: for filters over `kernel_hosts`. The provider of
 * the site is shown as the host's own too.
 */
export function siteFields(find: (name: string) => Kind): Fields<SqlField> {
  const fields = referenceFields(
    'site',
    { to: 'site', column: 'site', writes: 'siteId' },
    { find, alias: 'kernel_hosts' },
  )
  const provided = Object.entries(fields).filter(([name]) => /^site\.provider(\.|$)/.test(name))
  return { ...fields, ...Object.fromEntries(provided.map(([name, field]) => [name.slice('site.'.length), field])) }
}
