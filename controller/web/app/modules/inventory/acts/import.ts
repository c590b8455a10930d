// SPDX-License-Identifier: Apache-2.0
/** The import of a file of hosts. */
import { defineAct, quoted } from '../../../acts/act.ts'
import { type Call, call } from '../../../api/call.ts'

export type ImportInput = {
  readonly project: string
  /** The whole table, as text. */
  readonly csv: string
  /** As people know it. */
  readonly file: string
  /** For all rows, whatever they say. */
  readonly site?: string
  /** Machines wait until somebody onboards them. */
  readonly manual?: boolean
  readonly requireProfile?: boolean
}

export const importHosts = defineAct<ImportInput>({
  name: 'host.import',
  riskClass: 2,
  permission: 'host.admit',
  cli: ({ file, site, manual, requireProfile }) =>
    `muster host import ${quoted(file)}${site === undefined ? '' : ` --site ${quoted(site)}`}${requireProfile === true ? ' --require-profile' : ''}${manual === true ? ' --manual-onboard' : ''}`,
  calls: ({ project, csv, site, manual, requireProfile }) => [
    {
      ...call('POST', '/v1/projects/{project}/compute/hosts/import', {
        path: { project },
        query: {
          site,
          ...(manual === true ? { onboard: false } : {}),
          ...(requireProfile === true ? { requireProfile: true } : {}),
        },
      }),
      body: csv,
      headers: { 'content-type': 'text/csv' },
    },
  ],
  example: { project: 'default', csv: 'Serial\n', file: 'hosts.csv', site: 'plant-1', manual: true },
})

/** The same upload, only checked; what is wrong comes back as the file with its errors. */
export function checkCall(input: ImportInput): Call {
  const [sent] = importHosts.calls(input)
  if (sent === undefined) throw new TypeError('an import is one call')
  return {
    ...sent,
    path: `${sent.path}${sent.path.includes('?') ? '&' : '?'}dryRun=true`,
    headers: { ...sent.headers, accept: 'text/csv, application/problem+json;q=0.9' },
  }
}
