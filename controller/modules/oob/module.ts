// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management: for now, power of the running system and what firmware each host has. */
import { Type } from 'typebox'
import { AmtObserved, amt } from '../../../plugins/amt/contract.ts'
import { findings, formatTime } from '../../../plugins/contract/index.ts'
import { power } from '../../../plugins/power/contract.ts'
import { typed } from '../../http/http.ts'
import type { ReportHook } from '../../kernel/ingest.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { defineModule } from '../../kernel/module.ts'
import { oobRoutes } from './routes.ts'
import { facetProperties, oobFacet } from './rules.ts'
import { migrations, type OobTables } from './tables.ts'

export const oob = defineModule({
  name: 'oob',
  version: '1.0.0',
  title: 'Out-of-band management: power, and what AMT or ISM the hosts have',
  config: Type.Object({}, { additionalProperties: false }),
  needs: {},
  wants: {},
  offers: {},
  serves: [amt, power],
  owns: [amt, power],
  migrations,
  start: async ({ kernel }) => ({
    offers: {},
    facet: { properties: facetProperties, of: oobFacet },
    onReport: keepDetection(kernel),
    routes: http => oobRoutes(typed(http), kernel),
  }),
})

function keepDetection(kernel: Kernel): ReportHook {
  return async (tx, { project, host, section, message }) => {
    if (section !== amt.name || findings(AmtObserved, message.observed).length > 0) return
    const { sku, why, firmware } = message.observed as AmtObserved // checked just now
    const row = {
      sku,
      why,
      version: firmware?.version ?? null,
      control_mode: firmware?.controlMode ?? null,
      dns_suffix: firmware?.dnsSuffix ?? null,
      since: formatTime(kernel.clock.now()),
    }
    await tx
      .of<OobTables>(project)
      .insert('oob_detections', { host, ...row })
      .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(row))
      .execute()
  }
}
