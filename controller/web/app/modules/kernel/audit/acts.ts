// SPDX-License-Identifier: Apache-2.0
/** What is done with the audit: it is only ever read. */
import { defineAct, quoted } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'

export type OfChain = { readonly chain: string; readonly custody?: boolean }

export const exportAudit = defineAct<OfChain>({
  name: 'audit.export',
  riskClass: 0,
  permission: 'audit.read',
  cli: ({ chain }) => `muster audit export --chain ${quoted(chain)} -f audit.ndjson`,
  calls: ({ chain, custody = false }) => [
    call('GET', '/v1/audit/export', { query: { chain, ...(custody ? { custody } : {}) } }),
  ],
  example: { chain: 'project:default' },
})
