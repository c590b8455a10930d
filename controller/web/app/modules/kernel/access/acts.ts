// SPDX-License-Identifier: Apache-2.0
/** What is done to API tokens. */
import { defineAct, type Given, quoted, reasonFlag } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'
import type { LabelPair } from '../../../kit/rights.ts'

const DAY_MS = 86_400_000

export type NewToken = {
  readonly name: string
  readonly days: number
  /** In place of `permissions`. */
  readonly role?: string | undefined
  readonly permissions?: readonly string[] | undefined
  readonly project?: string | undefined
  readonly sites?: readonly string[] | undefined
  readonly labels?: readonly LabelPair[] | undefined
  readonly networks?: readonly string[] | undefined
}

const query = ({ reason }: Given) => (reason === undefined ? {} : { reason })

export const createToken = defineAct<NewToken>({
  name: 'access-token.create',
  riskClass: 2,
  // Everybody may make tokens for a part of what they may do themselves.
  permission: undefined,
  cli: ({ name, days, role, permissions = [], project, sites = [], labels = [], networks = [], reason }) =>
    [
      `muster access token create --name ${quoted(name)}`,
      ...(role === undefined ? permissions.map(each => `--permission ${quoted(each)}`) : [`--role ${quoted(role)}`]),
      ...(project === undefined ? [] : [`--here -p ${quoted(project)}`]),
      ...sites.map(site => `--site ${quoted(site)}`),
      ...labels.map(({ key, value }) => `-l ${quoted(`${key}=${value}`)}`),
      ...networks.map(range => `--network ${quoted(range)}`),
      `--expires ${days}d`,
    ].join(' ') + reasonFlag({ ...(reason === undefined ? {} : { reason }) }),
  calls: ({ name, days, role, permissions, project, sites = [], labels = [], networks = [], ...given }) => {
    const hosts = {
      ...(sites.length === 0 ? {} : { sites: [...sites] }),
      ...(labels.length === 0 ? {} : { labels: labels.map(({ key, value }) => ({ key, value })) }),
    }
    return [
      call('POST', '/v1/access/tokens', {
        query: query(given),
        body: {
          name,
          expiresInMs: days * DAY_MS,
          // Names that the controller listed itself; it refuses any other.
          ...(role === undefined ? { permissions: permissions as never } : { role: role as never }),
          ...(project === undefined ? {} : { project }),
          ...(Object.keys(hosts).length === 0 ? {} : { hosts }),
          ...(networks.length === 0 ? {} : { networks: [...networks] }),
        },
      }),
    ]
  },
  example: {
    name: 'ci',
    days: 30,
    permissions: ['host.read', 'host.operate'],
    project: 'plant',
    sites: ['site-0a1b2c3d'],
    labels: [{ key: 'line', value: '4' }],
    networks: ['10.1.0.0/16'],
    reason: 'nightly checks',
  },
})

export const revokeTokens = defineAct<{ readonly ids: readonly string[] }>({
  name: 'access-token.revoke',
  riskClass: 2,
  permission: undefined,
  cli: ({ ids, ...given }) =>
    ids.map(id => `muster access token revoke ${quoted(id)}${reasonFlag(given)} -y`).join('\n'),
  calls: ({ ids, ...given }) =>
    ids.map(token => call('DELETE', '/v1/access/tokens/{token}', { path: { token }, query: query(given) })),
  example: { ids: ['01JD2Z9B3Q8V5K7M4N6P0R2S4X', '01JD2Z9B3Q8V5K7M4N6P0R2S4Y'], reason: 'nobody uses them' },
})
