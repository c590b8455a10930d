// SPDX-License-Identifier: Apache-2.0
/** What people do about machines that come in: join tokens, and decisions in the lobby. */
import { defineAct, quoted, reasonFlag } from '../../acts/act.ts'
import { call } from '../../api/call.ts'

export type Label = { readonly key: string; readonly value: string }
type InProject = { readonly project: string }

export type TokenWish = InProject & {
  readonly uses: number
  readonly expiresInMs: number
  readonly labels: readonly Label[]
  readonly needsApproval: boolean
  readonly site?: string
  readonly cidr?: string
  readonly serial?: string
  readonly note?: string
}

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** A duration as the command line reads it: `90m`, `8h`, `30d`. */
export function durationFlag(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS}d`
  if (ms % HOUR_MS === 0) return `${ms / HOUR_MS}h`
  return `${Math.round(ms / MINUTE_MS)}m`
}

const inProject = ({ project }: InProject): string => (project === 'default' ? '' : ` -p ${quoted(project)}`)
const flag = (name: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : ` --${name} ${quoted(value)}`
const labelFlags = (labels: readonly Label[]): string =>
  labels.map(({ key, value }) => ` --label ${quoted(`${key}=${value}`)}`).join('')

export const makeToken = defineAct<TokenWish>({
  name: 'join-token.create',
  riskClass: 1,
  permission: 'token.write',
  cli: wish =>
    `muster token create${inProject(wish)} --uses ${wish.uses} --expires ${durationFlag(wish.expiresInMs)}${labelFlags(wish.labels)}` +
    `${wish.needsApproval ? ' --needs-approval' : ''}${flag('site', wish.site)}${flag('cidr', wish.cidr)}` +
    `${flag('host-serial', wish.serial)}${flag('note', wish.note)}`,
  calls: ({ project, uses, expiresInMs, labels, needsApproval, site, cidr, serial, note }) => [
    call('POST', '/v1/projects/{project}/enrollment/tokens', {
      path: { project },
      body: {
        uses,
        expiresInMs,
        ...(labels.length === 0 ? {} : { labels: [...labels] }),
        ...(needsApproval ? { needsApproval } : {}),
        ...(site === undefined ? {} : { siteId: site }),
        ...(cidr === undefined ? {} : { cidr }),
        ...(serial === undefined ? {} : { serial }),
        ...(note === undefined ? {} : { note }),
      },
    }),
  ],
  example: {
    project: 'berlin',
    uses: 20,
    expiresInMs: 8 * HOUR_MS,
    labels: [{ key: 'line', value: '4' }],
    needsApproval: true,
    site: 'site-0a1b2c3d',
    cidr: '10.1.0.0/16',
    note: 'the morning shift',
  },
})

export const revokeToken = defineAct<InProject & { readonly id: string }>({
  name: 'join-token.revoke',
  riskClass: 1,
  permission: 'token.write',
  cli: wish => `muster token revoke -y${inProject(wish)} ${quoted(wish.id)}`,
  calls: ({ project, id }) => [
    call('DELETE', '/v1/projects/{project}/enrollment/tokens/{token}', { path: { project, token: id } }),
  ],
  example: { project: 'default', id: 'AAAAAAAAAAAAAAAAAAAAAA' },
})

export type AcceptWish = InProject & {
  readonly id: string
  readonly name?: string
  readonly site?: string
  readonly labels: readonly Label[]
}

export const acceptMachine = defineAct<AcceptWish>({
  name: 'lobby.accept',
  riskClass: 1,
  permission: 'host.admit',
  cli: wish =>
    `muster lobby accept${inProject(wish)} ${wish.id}${flag('name', wish.name)}${flag('site', wish.site)}${labelFlags(wish.labels)}`,
  calls: ({ project, id, name, site, labels }) => [
    call('POST', '/v1/projects/{project}/enrollment/requests/{request}/accept', {
      path: { project, request: id },
      body: {
        ...(name === undefined ? {} : { name }),
        ...(site === undefined ? {} : { siteId: site }),
        ...(labels.length === 0 ? {} : { metadata: [...labels] }),
      },
    }),
  ],
  example: {
    project: 'berlin',
    id: '01JD2Z9B3Q8V5K7M4N6P0R2S4W',
    name: 'press-05',
    site: 'site-0a1b2c3d',
    labels: [{ key: 'line', value: '5' }],
  },
})

/** Class 3, because it asks for a reason: the machine is told it. */
export const rejectMachine = defineAct<InProject & { readonly id: string }>({
  name: 'lobby.reject',
  riskClass: 3,
  permission: 'host.admit',
  cli: wish => `muster lobby reject${inProject(wish)} ${wish.id}${reasonFlag(wish)}`,
  calls: ({ project, id, reason = '' }) => [
    call('POST', '/v1/projects/{project}/enrollment/requests/{request}/reject', {
      path: { project, request: id },
      body: { reason },
    }),
  ],
  example: { project: 'default', id: '01JD2Z9B3Q8V5K7M4N6P0R2S4W', reason: 'not ours' },
})

export const acts = [makeToken, revokeToken, acceptMachine, rejectMachine] as const
