// SPDX-License-Identifier: Apache-2.0
/** What can be done to many hosts at once, and to views of the list. */
import { defineAct, quoted, reasonFlag } from '../../../acts/act.ts'
import { type Call, call } from '../../../api/call.ts'
import { duration, muster } from '../host/acts.ts'
import type { Label } from './rows.ts'

/** The hosts that are meant, frozen; `q` is the search that found them, where all that fit were taken. */
export type OfHosts = {
  readonly project: string
  readonly ids: readonly string[]
  readonly q?: string | undefined
}

const HOST = '/v1/projects/{projectName}/compute/hosts/{resourceId}'
const EXAMPLE: OfHosts = { project: 'default', ids: ['host-1a2b3c4d', 'host-5e6f7a8b'] }
/** From this number on the command line wants it said. */
const COUNTED = 50

/** The hosts as the command line takes them: by a search that finds them, or by their ids. */
function meant({ ids, q = '' }: OfHosts): string {
  const count = ids.length > COUNTED ? ` --confirm-count ${ids.length}` : ''
  return `${q === '' ? ids.join(' ') : `-q ${quoted(q)}`}${count}`
}

const each = (ids: readonly string[], one: (id: string) => Call): readonly Call[] => ids.map(one)

type Labelling = OfHosts & {
  readonly set: readonly Label[]
  /** What each host has already: a change names all labels of a host. */
  readonly before: Readonly<Record<string, readonly Label[]>>
}

export const labelMany = defineAct<Labelling>({
  name: 'hosts.label',
  riskClass: 1,
  permission: 'host.label',
  cli: input =>
    `${muster(input.project)} host set ${meant(input)}${input.set
      .map(({ key, value }) => ` --metadata ${quoted(`${key}=${value}`)}`)
      .join('')} -y`,
  calls: ({ project, ids, set, before }) =>
    each(ids, id => {
      const kept = (before[id] ?? []).filter(({ key }) => !set.some(label => label.key === key))
      return call('PATCH', HOST, {
        path: { projectName: project, resourceId: id },
        body: { metadata: [...kept, ...set].map(({ key, value }) => ({ key, value })) },
      })
    }),
  example: { ...EXAMPLE, set: [{ key: 'line', value: '4' }], before: {} },
})

type Powering = OfHosts & { readonly expiresInMs?: number | undefined }

function powerMany(name: 'reboot' | 'shutdown') {
  return defineAct<Powering>({
    name: `hosts.${name}`,
    riskClass: 2,
    permission: 'host.operate',
    cli: input =>
      `${muster(input.project)} host ${name} ${meant(input)}${reasonFlag(input)}${
        input.expiresInMs === undefined ? '' : ` --expires ${duration(input.expiresInMs)}`
      } -y`,
    calls: ({ project, ids, reason, expiresInMs }) =>
      each(ids, id => command({ project, id }, { section: 'power', name, input: {}, reason, expiresInMs })),
    example: { ...EXAMPLE, reason: 'fan swap', expiresInMs: 600_000 },
  })
}
export const rebootMany = powerMany('reboot')
export const shutdownMany = powerMany('shutdown')

type Sent = {
  readonly section: string
  readonly name: string
  readonly input: unknown
  readonly reason: string | undefined
  readonly expiresInMs?: number | undefined
}

function command(of: { readonly project: string; readonly id: string }, { reason, expiresInMs, ...sent }: Sent): Call {
  return call('POST', '/v1/projects/{project}/compute/hosts/{host}/commands', {
    path: { project: of.project, host: of.id },
    body: {
      ...sent,
      ...(reason === undefined ? {} : { reason }),
      ...(expiresInMs === undefined ? {} : { expiresInMs }),
    },
  })
}

type Running = OfHosts & { readonly section: string; readonly command: string; readonly input: unknown }

/** One line for each host: the command line runs a command on one. */
export const runMany = defineAct<Running>({
  name: 'hosts.run',
  riskClass: 1,
  permission: 'host.operate',
  cli: ({ project, ids, section, command: name, input, ...given }) =>
    ids
      .map(
        id =>
          `${muster(project)} command run ${id} ${section} ${name} --input ${quoted(JSON.stringify(input))}${reasonFlag(given)}`,
      )
      .join('\n'),
  calls: ({ project, ids, section, command: name, input, reason }) =>
    each(ids, id => command({ project, id }, { section, name, input, reason })),
  example: { project: 'default', ids: ['host-1a2b3c4d'], section: 'hardware', command: 'refresh', input: {} },
})

/** One line for each host, as the command line revokes one at a time. */
export const revokeMany = defineAct<OfHosts>({
  name: 'hosts.revoke',
  riskClass: 4,
  permission: 'host.destroy',
  cli: ({ project, ids, ...given }) =>
    ids.map(id => `${muster(project)} host revoke ${id}${reasonFlag(given)} -y`).join('\n'),
  calls: ({ project, ids, reason }) =>
    each(ids, id =>
      call('PUT', '/v1/projects/{projectName}/compute/hosts/{resourceId}/invalidate', {
        path: { projectName: project, resourceId: id },
        body: { note: reason ?? '' },
      }),
    ),
  example: { project: 'default', ids: ['host-1a2b3c4d'], reason: 'stolen' },
})

type Saving = {
  readonly project: string
  readonly view: string
  readonly query: string
  readonly shared: boolean
}

export const saveView = defineAct<Saving>({
  name: 'view.save',
  riskClass: 0,
  permission: 'host.read',
  cli: ({ project, view, query, shared }) =>
    `${muster(project)} view save ${quoted(view)} ${quoted(new URLSearchParams(query).get('q') ?? '')}${shared ? ' --shared' : ''}`,
  calls: ({ project, view, query, shared }) => [
    call('POST', '/v1/projects/{project}/views', {
      path: { project },
      body: { name: view, page: 'hosts', query, ...(shared ? { shared } : {}) },
    }),
  ],
  example: { project: 'default', view: 'line 4', query: 'q=line%3A4', shared: true },
})

export const removeView = defineAct<{ readonly project: string; readonly id: string }>({
  name: 'view.remove',
  riskClass: 1,
  permission: 'host.read',
  cli: ({ project, id }) => `${muster(project)} view rm ${id} -y`,
  calls: ({ project, id }) => [call('DELETE', '/v1/projects/{project}/views/{view}', { path: { project, view: id } })],
  example: { project: 'default', id: '01JD2Z9B3Q8V5K7M4N6P0R2S4T' },
})

export const acts = [labelMany, rebootMany, shutdownMany, runMany, revokeMany, saveView, removeView]
