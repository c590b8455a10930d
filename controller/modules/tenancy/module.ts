// SPDX-License-Identifier: Apache-2.0
/** Projects that cannot see each other, with quotas. */
import { Type } from 'typebox'
import { blobStore } from '../../blobs/blobs.ts'
import { typed } from '../../http/http.ts'
import { defineModule } from '../../kernel/module.ts'
import { createDeletions } from './deletion.ts'
import { TENANCY_EVENTS } from './events.ts'
import { orgRoutes } from './org-routes.ts'
import { ensureOrg, FIRST_ORG } from './orgs.ts'
import { quotaRoutes } from './quota-routes.ts'
import { tenancyRoutes } from './routes.ts'
import { migrations } from './tables.ts'

export const tenancy = defineModule({
  name: 'tenancy',
  version: '1.0.0',
  title: 'Projects that cannot see each other, with quotas',
  config: Type.Object({}, { additionalProperties: false }),
  needs: {},
  wants: { blobs: blobStore },
  offers: {},
  serves: [],
  owns: [],
  events: TENANCY_EVENTS,
  migrations,
  start: async ({ kernel, wants }) => {
    const deletions = createDeletions({ kernel, blobs: wants.blobs })
    await ensureOrg(kernel.store, { name: FIRST_ORG, description: 'Owner of projects that name no other' }, kernel)
    return {
      offers: {},
      routes: http => {
        tenancyRoutes(typed(http), kernel, deletions)
        orgRoutes(typed(http), kernel)
        quotaRoutes(typed(http), kernel)
      },
      ready: () => deletions.resume(),
      stop: () => deletions.stop(),
    }
  },
})
