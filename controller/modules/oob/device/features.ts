// SPDX-License-Identifier: Apache-2.0
/** Redirection, user consent and recovery of a device: what is on, what it could do, and switching it. */
import { problem } from '../problems.ts'
import { type CallOptions, flagOf, type Instance, numberOf, type Wsman } from '../wsman/wsman.ts'
import { hasCapability, recoveryEnabled } from './boot.ts'
import { type BootSource, readBootSources, recoverySource } from './boot-sources.ts'
import { allowErase } from './erase.ts'
import { contentOf, members, overlay, present, succeeded } from './wire.ts'

export type Consent = 'none' | 'kvm' | 'all'
export const CONSENT: Readonly<Record<Consent, number>> = { none: 0, kvm: 1, all: 4_294_967_295 }

export type Features = {
  readonly consent: Consent | undefined
  readonly redirection: boolean
  readonly kvm: boolean
  readonly sol: boolean
  readonly ider: boolean
  /** 0 not started, 1 requested, 2 displayed, 3 received, 4 in session. */
  readonly optInState: number
  /** Standard Manageability has no KVM. */
  readonly kvmAvailable: boolean
  readonly recovery: boolean
  readonly httpsBootSupported: boolean
  readonly winREBootSupported: boolean
  readonly localPBABootSupported: boolean
  /** Bits of what can be erased; 0 for none. */
  readonly eraseCapabilities: number
  readonly eraseAllowed: boolean
}

export async function readFeatures(wsman: Wsman, options?: CallOptions): Promise<Features> {
  const { redirection, optIn, kvm } = await readSwitches(wsman, options)
  const service = await contentOf(wsman.get('CIM_BootService', options))
  const sources = (await present(readBootSources(wsman, options))) ?? []
  const capabilities = (await contentOf(wsman.get('AMT_BootCapabilities', options))) ?? {}
  const settings = (await contentOf(wsman.get('AMT_BootSettingData', options))) ?? {}
  return {
    ...switchesOf(redirection, kvm),
    consent: consentOf(numberOf(optIn.OptInRequired)),
    optInState: numberOf(optIn.OptInState) ?? 0,
    recovery: recoveryEnabled(numberOf(service?.EnabledState)),
    ...recoveries({ sources, capabilities, settings }),
    eraseCapabilities: numberOf(capabilities.PlatformErase) ?? 0,
    eraseAllowed: flagOf(settings.PlatformErase),
  }
}

type Switches = { readonly redirection: Instance; readonly optIn: Instance; readonly kvm: Instance | undefined }

async function readSwitches(wsman: Wsman, options?: CallOptions): Promise<Switches> {
  const { content: redirection } = await wsman.get('AMT_RedirectionService', options)
  const { content: optIn } = await wsman.get('IPS_OptInService', options)
  return { redirection, optIn, kvm: await contentOf(wsman.get('CIM_KVMRedirectionSAP', options)) }
}

/** Bits of AMT_RedirectionService.EnabledState. */
const IDER = 1
const SOL = 2
/** States of CIM_KVMRedirectionSAP that mean it is on: enabled, and enabled but offline. */
const KVM_ON: readonly (number | undefined)[] = [2, 6]

function switchesOf(
  redirection: Instance,
  kvm: Instance | undefined,
): Pick<Features, 'redirection' | 'kvm' | 'sol' | 'ider' | 'kvmAvailable'> {
  const state = numberOf(redirection.EnabledState) ?? 0
  return {
    redirection: flagOf(redirection.ListenerEnabled),
    sol: (state & SOL) !== 0,
    ider: (state & IDER) !== 0,
    kvm: kvm !== undefined && KVM_ON.includes(numberOf(kvm.EnabledState)),
    kvmAvailable: kvm !== undefined && kvm.EnabledState !== undefined,
  }
}

function consentOf(required: number | undefined): Consent | undefined {
  const names = Object.keys(CONSENT) as Consent[] // its own keys
  return names.find(name => CONSENT[name] === required)
}

type Recoverable = {
  readonly sources: readonly BootSource[]
  readonly capabilities: Instance
  readonly settings: Instance
}

function recoveries({
  sources,
  capabilities,
  settings,
}: Recoverable): Pick<Features, 'httpsBootSupported' | 'winREBootSupported' | 'localPBABootSupported'> {
  const can = (kind: 'https' | 'winre' | 'pba', capability: string, enabled: string): boolean =>
    recoverySource(sources, kind) !== undefined && hasCapability(capabilities, capability) && flagOf(settings[enabled])
  return {
    httpsBootSupported: can('https', 'ForceUEFIHTTPSBoot', 'UEFIHTTPSBootEnabled'),
    winREBootSupported: can('winre', 'ForceWinREBoot', 'WinREBootEnabled'),
    localPBABootSupported: can('pba', 'ForceUEFIPBABoot', 'UEFILocalPBABootEnabled'),
  }
}

export type FeatureChange = {
  readonly consent: Consent
  readonly sol: boolean
  readonly ider: boolean
  readonly kvm: boolean
  readonly recovery?: boolean | undefined
  readonly erase?: boolean | undefined
}

/**
 * Switches features, in the order firmware wants: redirection states, KVM, the listener, consent, recovery. Does
 * nothing for what already is as wanted. Throws `amt-unsupported` before it changes anything when KVM is wanted and
 * missing, and `amt-refused` when the firmware keeps its consent policy, as it does in client control mode.
 */
export async function changeFeatures(wsman: Wsman, change: FeatureChange, options?: CallOptions): Promise<void> {
  const { redirection, optIn, kvm } = await readSwitches(wsman, options)
  const now = switchesOf(redirection, kvm)
  if (change.kvm && !now.kvmAvailable) throw problem('amt-unsupported', 'this device has no KVM')
  const wanted = change.sol || change.ider || change.kvm
  const differs = change.sol !== now.sol || change.ider !== now.ider || change.kvm !== now.kvm
  if (differs || (wanted && !now.redirection)) await changeRedirection(wsman, { change, redirection, now }, options)
  if (numberOf(optIn.OptInRequired) !== CONSENT[change.consent]) await changeConsent(wsman, { change, optIn }, options)
  if (change.recovery !== undefined) await changeRecovery(wsman, change.recovery, options)
  if (change.erase === true) await allowErase(wsman, true, options)
  if (change.erase === false) await present(allowErase(wsman, false, options).catch(ignoreUnsupported))
}

function ignoreUnsupported(thrown: unknown): void {
  if ((thrown as { code?: string }).code !== 'amt-unsupported') throw thrown // whatever was thrown
}

type RedirectionChange = {
  readonly change: FeatureChange
  readonly redirection: Instance
  readonly now: Pick<Features, 'kvm' | 'kvmAvailable'>
}

async function changeRedirection(
  wsman: Wsman,
  { change, redirection, now }: RedirectionChange,
  options?: CallOptions,
): Promise<void> {
  const state = 32_768 + (change.ider ? IDER : 0) + (change.sol ? SOL : 0)
  const request = (resource: string, RequestedState: number): Promise<unknown> =>
    wsman
      .invoke(resource, 'RequestStateChange', members({ RequestedState }), options)
      .then(output => succeeded(output, `${resource} was not switched`))
  await request('AMT_RedirectionService', state)
  if (now.kvmAvailable) await request('CIM_KVMRedirectionSAP', change.kvm ? 2 : 3)
  const ListenerEnabled = change.sol || change.ider || change.kvm
  await wsman.put('AMT_RedirectionService', overlay(redirection, { EnabledState: state, ListenerEnabled }), options)
}

async function changeConsent(
  wsman: Wsman,
  { change, optIn }: { readonly change: FeatureChange; readonly optIn: Instance },
  options?: CallOptions,
): Promise<void> {
  const wanted = CONSENT[change.consent]
  await wsman.put('IPS_OptInService', overlay(optIn, { OptInRequired: wanted }), options)
  const { content } = await wsman.get('IPS_OptInService', options)
  if (numberOf(content.OptInRequired) === wanted) return
  throw problem('amt-refused', 'the firmware keeps its consent policy; in client control mode it always asks', {
    consent: consentOf(numberOf(content.OptInRequired)),
  })
}

/** Switches One Click Recovery and leaves erasure as it is. */
async function changeRecovery(wsman: Wsman, on: boolean, options?: CallOptions): Promise<void> {
  const service = await contentOf(wsman.get('CIM_BootService', options))
  if (service === undefined) {
    if (on) throw problem('amt-unsupported', 'this device has no One Click Recovery')
    return
  }
  const state = numberOf(service.EnabledState)
  const erase = state === 32_770 || state === 32_771
  const RequestedState = 32_768 + (on ? 1 : 0) + (erase ? 2 : 0)
  if (state === RequestedState) return
  const output = await wsman.invoke('CIM_BootService', 'RequestStateChange', members({ RequestedState }), options)
  if (on) succeeded(output, 'One Click Recovery was not switched')
}
