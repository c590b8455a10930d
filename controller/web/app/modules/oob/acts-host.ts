// SPDX-License-Identifier: Apache-2.0
/** What can be done to the firmware of one host. */
import { type BootTarget as AnyTarget, BOOT_CODES } from '../../../../query/boot-codes.ts'
import { type AnyAct, defineAct, type Given, quoted, reasonFlag } from '../../acts/act.ts'
import { type Call, call } from '../../api/call.ts'
import { wordFor } from './acts.ts'
import { line as lineIn } from './line.ts'

/** A host as its firmware is spoken to. */
export type Machine = {
  readonly project: string
  /** Id of the host. */
  readonly host: string
  /** As people call it. */
  readonly name: string
  readonly guid: string
}

const EXAMPLE: Machine = {
  project: 'default',
  host: 'host-0123abcd',
  name: 'press-04',
  guid: '4c4c4544-004b-4210-8033-b6c04f504633',
}

/** `muster oob <verb> <host> …`, with the reason where the verb takes one. */
function line(input: Machine & Given, verb: string, more = '', withReason = true): string {
  const tail = `${more === '' ? '' : ` ${more}`}${withReason ? reasonFlag(input) : ''}`
  return lineIn(input.project, `oob ${verb} ${wordFor(input)}${tail}`)
}

/** A request in the form of MPS; the reason stands in a header, for its bodies have no place for one. */
export function firmwareCall(
  { project, guid, reason }: Machine & Given,
  method: Call['method'],
  what: string,
  body?: unknown,
): Call {
  const path = `/v1/projects/${encodeURIComponent(project)}/oob/mps/${what}/${guid}`
  return {
    method,
    path,
    ...(body === undefined ? {} : { body }),
    ...(reason === undefined ? {} : { headers: { 'muster-reason': encodeURIComponent(reason) } }),
  }
}

const said = ({ reason }: Given) => (reason === undefined ? {} : { reason })

export type Activation = Machine & { readonly mode?: 'acm' | 'ccm'; readonly dnsSuffix?: string }

export const activate = defineAct<Activation>({
  name: 'oob.host.activate',
  riskClass: 2,
  permission: 'host.change',
  cli: input => {
    const mode = input.mode === undefined ? [] : [`--mode ${input.mode}`]
    const suffix = input.dnsSuffix === undefined ? [] : [`--dns-suffix ${quoted(input.dnsSuffix)}`]
    return line(input, 'activate', [...mode, ...suffix].join(' '))
  },
  calls: ({ project, host, mode, dnsSuffix, ...given }) => [
    call('POST', '/v1/projects/{project}/oob/hosts/{host}/activation', {
      path: { project, host },
      body: {
        state: 'provisioned',
        ...(mode === undefined ? {} : { mode }),
        ...(dnsSuffix === undefined ? {} : { dnsSuffix }),
        ...said(given),
      },
    }),
  ],
  example: { ...EXAMPLE, mode: 'acm', dnsSuffix: 'plant.example', reason: 'new line' },
})

export const deactivate = defineAct<Machine>({
  name: 'oob.host.deactivate',
  riskClass: 3,
  permission: 'host.destroy',
  cli: input => line(input, 'deactivate'),
  calls: ({ project, host, ...given }) => [
    call('POST', '/v1/projects/{project}/oob/hosts/{host}/activation', {
      path: { project, host },
      body: { state: 'unprovisioned', ...said(given) },
    }),
  ],
  example: { ...EXAMPLE, reason: 'moves house' },
})

export const detect = defineAct<Machine>({
  name: 'oob.detect',
  riskClass: 1,
  permission: 'host.operate',
  cli: input => line(input, 'detect', '', false),
  calls: ({ project, host }) => [
    call('POST', '/v1/projects/{project}/compute/hosts/{host}/commands', {
      path: { project, host },
      body: { section: 'amt', name: 'refresh', input: {} },
    }),
  ],
  example: EXAMPLE,
})

export const rotatePassword = defineAct<Machine>({
  name: 'oob.password.rotate',
  riskClass: 2,
  permission: 'host.access',
  cli: input => line(input, 'password', '--rotate'),
  calls: input => [firmwareCall(input, 'POST', 'amt/password', {})],
  example: { ...EXAMPLE, reason: 'somebody left' },
})

export const setClock = defineAct<Machine>({
  name: 'oob.clock',
  riskClass: 1,
  permission: 'host.change',
  cli: input => line(input, 'clock', '', false),
  calls: input => [firmwareCall(input, 'POST', 'amt/time', {})],
  example: EXAMPLE,
})

export type FeatureSet = Machine & {
  readonly kvm: boolean
  readonly sol: boolean
  readonly ider: boolean
  readonly consent: 'none' | 'kvm' | 'all'
}

export const setFeatures = defineAct<FeatureSet>({
  name: 'oob.features',
  riskClass: 2,
  permission: 'host.change',
  cli: input => {
    const word = (on: boolean): string => (on ? 'on' : 'off')
    const { kvm, sol, ider, consent } = input
    return line(input, 'features', `--kvm ${word(kvm)} --sol ${word(sol)} --ider ${word(ider)} --consent ${consent}`)
  },
  calls: ({ kvm, sol, ider, consent, ...input }) => [
    firmwareCall(input, 'POST', 'amt/features', {
      userConsent: consent,
      enableKVM: kvm,
      enableSOL: sol,
      enableIDER: ider,
    }),
  ],
  example: { ...EXAMPLE, kvm: true, sol: true, ider: false, consent: 'all', reason: 'support' },
})

/** They only ask: no machine is changed by them. */
const asking = (act: 'request' | 'cancel', path: string) =>
  defineAct<Machine>({
    name: `oob.consent.${act}`,
    riskClass: 1,
    permission: 'host.access',
    cli: input => line(input, 'consent', act, false),
    calls: ({ reason: _, ...input }) => [firmwareCall(input, 'GET', path)],
    example: EXAMPLE,
  })
export const requestConsent = asking('request', 'amt/userConsentCode')
export const cancelConsent = asking('cancel', 'amt/userConsentCode/cancel')

export const sendConsent = defineAct<Machine & { readonly code: string }>({
  name: 'oob.consent.send',
  riskClass: 1,
  permission: 'host.access',
  cli: input => line(input, 'consent', `send ${quoted(input.code)}`, false),
  calls: ({ code, reason: _, ...input }) => [firmwareCall(input, 'POST', 'amt/userConsentCode', { consentCode: code })],
  example: { ...EXAMPLE, code: '123456' },
})

/** A PBA needs a path that the page does not ask for. */
export type BootTarget = Exclude<AnyTarget, 'pba'>

export type Boot = Machine & {
  readonly target: BootTarget
  /** The machine is off, and switched on for it. */
  readonly up: boolean
  readonly sol: boolean
  /** For `https`. */
  readonly url?: string
}

export const bootOnce = defineAct<Boot>({
  name: 'oob.boot',
  riskClass: 3,
  permission: 'host.access',
  cli: input => {
    const { target, up, sol, url } = input
    const flags = [up ? '--up' : '', sol ? '--sol' : '', url === undefined ? '' : `--url ${quoted(url)}`]
    return line(input, 'boot', [target, ...flags.filter(each => each !== '')].join(' '))
  },
  calls: ({ target, up, sol, url, ...input }) => [
    firmwareCall(input, 'POST', 'amt/power/bootOptions', {
      action: up ? BOOT_CODES[target].up : BOOT_CODES[target].reset,
      useSOL: sol,
      ...(url === undefined ? {} : { bootDetails: { url, enforceSecureBoot: true } }),
    }),
  ],
  example: { ...EXAMPLE, target: 'pxe', up: false, sol: false, reason: 'reinstall' },
})

export type Ider = Machine & { readonly image: string; readonly start: 'now' | 'graceful' | 'reboot' }

export const serveImage = defineAct<Ider>({
  name: 'oob.ider.start',
  riskClass: 1,
  permission: 'host.access',
  cli: input => line(input, 'ider', `--image ${quoted(input.image)} --start ${input.start}`, false),
  calls: ({ project, guid, image, start }) => [
    call('POST', '/v1/projects/{project}/oob/ider', { path: { project }, body: { device: guid, image, start } }),
  ],
  example: { ...EXAMPLE, image: 'rescue.iso', start: 'now' },
})

export const stopImage = defineAct<Machine & { readonly serving: string }>({
  name: 'oob.ider.stop',
  riskClass: 1,
  permission: 'host.access',
  cli: input => line(input, 'ider', '--stop', false),
  calls: ({ project, serving }) => [
    call('DELETE', '/v1/projects/{project}/oob/ider/{id}', { path: { project, id: serving } }),
  ],
  example: { ...EXAMPLE, serving: '01JD2Z9B3Q8V5K7M4N6P0R2S4Y' },
})

export type NewAlarm = Machine & { readonly alarm: string; readonly at: string; readonly everyMinutes: number }

export const addAlarm = defineAct<NewAlarm>({
  name: 'oob.alarm.add',
  riskClass: 1,
  permission: 'host.change',
  cli: input => {
    const { alarm, at, everyMinutes } = input
    const every = everyMinutes === 0 ? '' : ` --every ${everyMinutes}m`
    return line(input, 'alarm', `add ${quoted(alarm)} --at ${quoted(at)}${every}`, false)
  },
  calls: ({ alarm, at, everyMinutes, ...input }) => [
    firmwareCall(input, 'POST', 'amt/alarmOccurrences', {
      ElementName: alarm,
      StartTime: at,
      Interval: everyMinutes,
      DeleteOnCompletion: everyMinutes === 0,
    }),
  ],
  example: { ...EXAMPLE, alarm: 'nightly', at: '2031-01-31T04:00:00Z', everyMinutes: 1440 },
})

export const removeAlarm = defineAct<Machine & { readonly alarm: string }>({
  name: 'oob.alarm.remove',
  riskClass: 1,
  permission: 'host.change',
  cli: input => line(input, 'alarm', `remove ${quoted(input.alarm)}`, false),
  calls: ({ alarm, ...input }) => [firmwareCall(input, 'DELETE', 'amt/alarmOccurrences', { Name: alarm })],
  example: { ...EXAMPLE, alarm: 'nightly' },
})

export type Erase = Machine & {
  readonly disks: boolean
  readonly tpm: boolean
  readonly bios: boolean
  readonly firmware: boolean
  /** What the controller answered when it was asked the first time. */
  readonly confirmation: string
}

/** What is erased, as the controller is told. */
export function eraseBody({ disks, tpm, bios, firmware }: Omit<Erase, keyof Machine | 'confirmation'>) {
  return { secureEraseAllSSDs: disks, tpmClear: tpm, restoreBIOSToEOM: bios, unconfigureCSME: firmware }
}

export const erase = defineAct<Erase>({
  name: 'oob.erase',
  riskClass: 4,
  permission: 'host.destroy',
  cli: input => {
    const parts = (['disks', 'tpm', 'bios', 'firmware'] as const).filter(part => input[part])
    return line(input, 'erase', [...parts.map(part => `--${part}`), `--confirm ${quoted(input.name)}`].join(' '))
  },
  calls: ({ disks, tpm, bios, firmware, confirmation, ...input }) => [
    firmwareCall(input, 'POST', 'amt/boot/remoteErase', {
      ...eraseBody({ disks, tpm, bios, firmware }),
      confirmation,
      confirmGuid: input.guid,
    }),
  ],
  example: { ...EXAMPLE, disks: true, tpm: true, bios: false, firmware: false, confirmation: 'x', reason: 'scrapped' },
})

export type Opening = Machine & { readonly minutes: number }

const opening = (mode: 'sol' | 'kvm') =>
  defineAct<Opening>({
    name: `oob.${mode}`,
    riskClass: 3,
    permission: 'host.access',
    cli: input => line(input, mode, `--for ${input.minutes}m`),
    calls: ({ project, guid, minutes, ...given }) => [
      call('POST', '/v1/projects/{project}/oob/devices/{guid}/redirections', {
        path: { project, guid },
        body: { mode, minutes, ...said(given) },
      }),
    ],
    example: { ...EXAMPLE, minutes: 30, reason: 'it does not boot' },
  })
export const openConsole = opening('sol')
export const openScreen = opening('kvm')

export const actsOfHost: readonly AnyAct[] = [
  activate,
  deactivate,
  detect,
  rotatePassword,
  setClock,
  setFeatures,
  requestConsent,
  cancelConsent,
  sendConsent,
  bootOnce,
  serveImage,
  stopImage,
  addAlarm,
  removeAlarm,
  erase,
  openConsole,
  openScreen,
]
