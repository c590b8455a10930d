// SPDX-License-Identifier: Apache-2.0
/** What is done to projects, their quotas and the organisations that own them. */
import { type AnyAct, defineAct, type Given, quoted, reasonFlag } from '../../acts/act.ts'
import { call } from '../../api/call.ts'

const query = ({ reason }: Given) => (reason === undefined ? {} : { reason })

type Described = { readonly name: string; readonly description: string; readonly org?: string | undefined }

const described = ({ name, description, org }: Described): string =>
  `muster project create ${quoted(name)}${description === '' ? '' : ` -d ${quoted(description)}`}${
    org === undefined ? '' : ` --org ${quoted(org)}`
  }`

export const createProject = defineAct<Described>({
  name: 'project.create',
  riskClass: 1,
  permission: 'project.write',
  cli: described,
  calls: ({ name, description, org }) => [
    call('PUT', '/v1/projects/{project}', {
      path: { project: name },
      // A name that is taken is refused here, instead of changing that project.
      query: { update_if_exists: false },
      body: { description, ...(org === undefined ? {} : { org }) },
    }),
  ],
  example: { name: 'berlin', description: 'Plant in Berlin', org: 'plants' },
})

export const changeProject = defineAct<Described>({
  name: 'project.change',
  riskClass: 1,
  permission: 'project.write',
  cli: described,
  calls: ({ name, description, org }) => [
    call('PUT', '/v1/projects/{project}', {
      path: { project: name },
      body: { description, ...(org === undefined ? {} : { org }) },
    }),
  ],
  example: { name: 'berlin', description: 'Both plants in Berlin' },
})

export const deleteProject = defineAct<{ readonly name: string }>({
  name: 'project.delete',
  riskClass: 4,
  permission: 'project.write',
  cli: ({ name, ...given }) => `muster project rm ${quoted(name)}${reasonFlag(given)} -y --wait`,
  calls: ({ name, ...given }) => [
    call('DELETE', '/v1/projects/{project}', { path: { project: name }, query: query(given) }),
  ],
  example: { name: 'berlin', reason: 'the plant was sold' },
})

export const QUOTAS = ['hosts', 'joinTokens', 'queuedCommands', 'regions', 'sites'] as const
export type Quota = (typeof QUOTAS)[number]
export type Limits = Readonly<Partial<Record<Quota, number>>>

/** `joinTokens` as the command line spells it. */
const optionOf = (quota: Quota): string => quota.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

export const setQuotas = defineAct<{ readonly name: string; readonly limits: Limits }>({
  name: 'project.quota',
  riskClass: 2,
  permission: 'project.write',
  cli: ({ name, limits, ...given }) =>
    `muster project quota ${quoted(name)}${QUOTAS.map(quota => ` --${optionOf(quota)} ${limits[quota] ?? 'none'}`).join('')}${reasonFlag(given)}`,
  calls: ({ name, limits, ...given }) => [
    call('PUT', '/v1/projects/{project}/quotas', { path: { project: name }, query: query(given), body: { ...limits } }),
  ],
  example: { name: 'berlin', limits: { hosts: 500, joinTokens: 20 }, reason: 'a second hall' },
})

export const createOrg = defineAct<{ readonly name: string; readonly description: string }>({
  name: 'org.create',
  riskClass: 1,
  permission: 'project.write',
  cli: ({ name, description }) =>
    `muster org create ${quoted(name)}${description === '' ? '' : ` -d ${quoted(description)}`}`,
  calls: ({ name, description }) => [
    call('PUT', '/v1/orgs/{org}', { path: { org: name }, query: { update_if_exists: false }, body: { description } }),
  ],
  example: { name: 'plants', description: 'All plants' },
})

export const deleteOrg = defineAct<{ readonly name: string }>({
  name: 'org.delete',
  riskClass: 2,
  permission: 'project.write',
  cli: ({ name, ...given }) => `muster org rm ${quoted(name)}${reasonFlag(given)} -y`,
  calls: ({ name, ...given }) => [call('DELETE', '/v1/orgs/{org}', { path: { org: name }, query: query(given) })],
  example: { name: 'plants', reason: 'owns nothing' },
})

export const acts: readonly AnyAct[] = [createProject, changeProject, deleteProject, setQuotas, createOrg, deleteOrg]
