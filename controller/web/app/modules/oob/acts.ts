// SPDX-License-Identifier: Apache-2.0
/** What is done to machines below their operating systems, to many at once. */
import { type AnyAct, defineAct, quoted, reasonFlag } from '../../acts/act.ts'
import { call } from '../../api/call.ts'
import { careActs } from './acts-care.ts'
import { recordActs } from './acts-records.ts'
import { type InProject, line } from './line.ts'

/** A machine as an act names it. */
export type Target = { readonly name: string; readonly host?: string | undefined; readonly guid?: string | undefined }
export type ToHosts = InProject & { readonly machines: readonly (Target & { readonly host: string })[] }
export type ToDevices = InProject & { readonly machines: readonly (Target & { readonly guid: string })[] }

/** More than this many must be counted on the command line. */
const COUNTED = 50

/** A name that needs no quotes is what people would type; anything else is safer by its id. */
export function wordFor({ name, host, guid }: Target): string {
  return /^[A-Za-z0-9][\w.-]*$/.test(name) ? name : quoted(host ?? guid ?? name)
}

function words(machines: readonly Target[]): string {
  return machines.map(wordFor).join(' ')
}

function counted(machines: readonly Target[]): string {
  return machines.length > COUNTED ? ` --confirm-count ${machines.length}` : ''
}

const GUID = '4c4c4544-0051-3510-8052-b4c04f4e4231'
const SAMPLE = { name: 'press-04', host: 'host-1a2b3c4d', guid: GUID }

export type Activate = ToHosts & {
  /** The rules choose without it. */
  readonly profile?: string | undefined
}

export const activate = defineAct<Activate>({
  name: 'oob.activate',
  riskClass: 2,
  permission: 'host.change',
  cli: ({ project, machines, profile, reason }) =>
    line(
      project,
      `oob activate ${words(machines)}${profile === undefined ? '' : ` --profile ${quoted(profile)}`}${reasonFlag({ reason })}${counted(machines)}`,
    ),
  calls: ({ project, machines, profile, reason }) =>
    machines.map(({ host }) =>
      call('POST', '/v1/projects/{project}/oob/hosts/{host}/activation', {
        path: { project, host },
        body: {
          state: 'provisioned',
          ...(profile === undefined ? {} : { profile }),
          ...(reason === undefined ? {} : { reason }),
        },
      }),
    ),
  example: { project: 'default', machines: [SAMPLE], profile: 'default_ccm', reason: 'new line' },
})

export const deactivate = defineAct<ToHosts>({
  name: 'oob.deactivate',
  riskClass: 4,
  permission: 'host.destroy',
  cli: ({ project, machines, reason }) =>
    line(project, `oob deactivate ${words(machines)}${reasonFlag({ reason })}${counted(machines)}`),
  calls: ({ project, machines, reason }) =>
    machines.map(({ host }) =>
      call('POST', '/v1/projects/{project}/oob/hosts/{host}/activation', {
        path: { project, host },
        body: { state: 'unprovisioned', ...(reason === undefined ? {} : { reason }) },
      }),
    ),
  example: { project: 'default', machines: [SAMPLE], reason: 'moves to another plant' },
})

export const SWITCHES = ['on', 'off'] as const
export const RESTARTS = ['reset', 'power-cycle', 'sleep', 'hibernate'] as const
export type PowerVerb = (typeof SWITCHES)[number] | (typeof RESTARTS)[number]

export type Power = ToDevices & {
  readonly action: PowerVerb
  /** Does not ask the operating system first. */
  readonly now?: boolean | undefined
}

/** On the command line `cycle`; both words are taken there. */
function powerLine({ project, machines, action, now = false, reason }: Power & { readonly reason?: string }): string {
  return line(
    project,
    `oob power ${words(machines)} ${action}${now ? ' --now' : ''}${reasonFlag({ reason })}${counted(machines)}`,
  )
}

function powerCalls({ project, machines, action, now = false, reason }: Power & { readonly reason?: string }) {
  return machines.map(({ guid }) =>
    call('POST', '/v1/projects/{project}/oob/devices/{guid}/power', {
      path: { project, guid },
      body: {
        action,
        policy: now ? 'immediate' : 'ordered',
        ...(reason === undefined ? {} : { reason }),
      },
    }),
  )
}

/** Switching on and off is soon undone. */
export const switchPower = defineAct<Power>({
  name: 'oob.power.switch',
  riskClass: 2,
  permission: 'host.operate',
  cli: powerLine,
  calls: powerCalls,
  example: { project: 'default', machines: [SAMPLE], action: 'off', reason: 'fan swap' },
})

/** What interrupts a machine that runs takes a permission of its own. */
export const restartPower = defineAct<Power>({
  name: 'oob.power.restart',
  riskClass: 3,
  permission: 'host.access',
  cli: powerLine,
  calls: powerCalls,
  example: { project: 'default', machines: [SAMPLE], action: 'power-cycle', now: true, reason: 'hangs' },
})

export const oobActs: readonly AnyAct[] = [activate, deactivate, switchPower, restartPower, ...recordActs, ...careActs]
