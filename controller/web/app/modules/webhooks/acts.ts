// SPDX-License-Identifier: Apache-2.0
/** What is done with webhooks. */
import { type AnyAct, defineAct, type Given, quoted, reasonFlag } from '../../acts/act.ts'
import { call } from '../../api/call.ts'

export type Fields = {
  readonly name?: string | undefined
  readonly url?: string | undefined
  /** Types of events or their first words; `*` for all. */
  readonly types?: readonly string[] | undefined
  /** PEM; empty takes it away. */
  readonly caCertificate?: string | undefined
}
export type Of = { readonly project: string; readonly id: string }

const PERMISSION = 'webhook.write'

function flags({ name, types, caCertificate }: Fields): string {
  const parts = [
    ...(name === undefined || name === '' ? [] : ['--name', quoted(name)]),
    ...(types === undefined ? [] : ['--type', quoted(types.join(','))]),
    ...(caCertificate === undefined || caCertificate === '' ? [] : ['--ca-file ca.pem']),
  ]
  return parts.map(part => ` ${part}`).join('')
}

function inProject(project: string): string {
  return project === 'default' ? '' : ` -p ${quoted(project)}`
}

function bodyOf({ name, url, types, caCertificate }: Fields) {
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(types === undefined ? {} : { types: [...types] }),
    ...(caCertificate === undefined ? {} : { caCertificate }),
  }
}

const because = ({ reason }: Given) => (reason === undefined ? {} : { query: { reason } })

export const createWebhook = defineAct<Fields & { readonly project: string; readonly url: string }>({
  name: 'webhook.create',
  riskClass: 1,
  permission: PERMISSION,
  cli: ({ project, url, ...fields }) => `muster webhook create ${quoted(url)}${flags(fields)}${inProject(project)}`,
  calls: ({ project, url, ...fields }) => [
    call('POST', '/v1/projects/{project}/webhooks', { path: { project }, body: { ...bodyOf(fields), url } }),
  ],
  example: {
    project: 'plant',
    url: 'https://hooks.example.com/muster',
    name: 'pager',
    types: ['host.offline', 'command'],
  },
})

export const changeWebhook = defineAct<Of & Fields>({
  name: 'webhook.change',
  riskClass: 1,
  permission: PERMISSION,
  cli: ({ project, id, url, ...fields }) =>
    `muster webhook set ${id}${url === undefined ? '' : ` --url ${quoted(url)}`}${flags(fields)}${inProject(project)}`,
  calls: ({ project, id, ...fields }) => [
    call('PATCH', '/v1/projects/{project}/webhooks/{webhook}', {
      path: { project, webhook: id },
      body: bodyOf(fields),
    }),
  ],
  example: { project: 'default', id: 'webhook-0a1b2c3d', url: 'https://hooks.example.com/2', types: ['host'] },
})

export const switchWebhook = defineAct<Of & { readonly enabled: boolean }>({
  name: 'webhook.switch',
  riskClass: 1,
  permission: PERMISSION,
  cli: ({ project, id, enabled }) => `muster webhook ${enabled ? 'enable' : 'disable'} ${id}${inProject(project)}`,
  calls: ({ project, id, enabled }) => [
    call('PATCH', '/v1/projects/{project}/webhooks/{webhook}', { path: { project, webhook: id }, body: { enabled } }),
  ],
  example: { project: 'default', id: 'webhook-0a1b2c3d', enabled: false },
})

export const rotateSecret = defineAct<Of>({
  name: 'webhook.rotate',
  riskClass: 2,
  permission: PERMISSION,
  cli: ({ project, id, ...given }) => `muster webhook rotate ${id}${reasonFlag(given)}${inProject(project)}`,
  calls: ({ project, id, ...given }) => [
    call('POST', '/v1/projects/{project}/webhooks/{webhook}/secret', {
      path: { project, webhook: id },
      ...because(given),
    }),
  ],
  example: { project: 'default', id: 'webhook-0a1b2c3d', reason: 'it was in a mail' },
})

export const removeWebhook = defineAct<Of>({
  name: 'webhook.remove',
  riskClass: 3,
  permission: PERMISSION,
  cli: ({ project, id, ...given }) => `muster webhook rm ${id}${reasonFlag(given)} -y${inProject(project)}`,
  calls: ({ project, id, ...given }) => [
    call('DELETE', '/v1/projects/{project}/webhooks/{webhook}', { path: { project, webhook: id }, ...because(given) }),
  ],
  example: { project: 'default', id: 'webhook-0a1b2c3d', reason: 'the receiver is gone' },
})

export const pingWebhook = defineAct<Of>({
  name: 'webhook.ping',
  riskClass: 1,
  permission: PERMISSION,
  cli: ({ project, id }) => `muster webhook ping ${id}${inProject(project)}`,
  calls: ({ project, id }) => [
    call('POST', '/v1/projects/{project}/webhooks/{webhook}/ping', { path: { project, webhook: id } }),
  ],
  example: { project: 'default', id: 'webhook-0a1b2c3d' },
})

export const retryDelivery = defineAct<Of & { readonly delivery: string }>({
  name: 'webhook.retry',
  riskClass: 1,
  permission: PERMISSION,
  cli: ({ project, id, delivery }) => `muster webhook retry ${id} ${delivery}${inProject(project)}`,
  calls: ({ project, id, delivery }) => [
    call('POST', '/v1/projects/{project}/webhooks/{webhook}/deliveries/{delivery}/retry', {
      path: { project, webhook: id, delivery },
    }),
  ],
  example: { project: 'default', id: 'webhook-0a1b2c3d', delivery: '01KB0000000000000000000000' },
})

export const webhookActs: readonly AnyAct[] = [
  createWebhook,
  changeWebhook,
  switchWebhook,
  rotateSecret,
  removeWebhook,
  pingWebhook,
  retryDelivery,
]
