// SPDX-License-Identifier: Apache-2.0
/** Power of a machine: its state, what it can do, and doing it. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { LiveRedirections } from '../ports.ts'
import { problem } from '../problems.ts'
import {
  type CallOptions,
  flagOf,
  type Instance,
  numberOf,
  type Output,
  Reference,
  type Wsman,
} from '../wsman/wsman.ts'
import { clearBootOverride } from './boot-data.ts'
import { aimOf, endsRedirection, OS_TO_FULL_POWER, REACHED, startsBoot } from './power-codes.ts'
import { contentOf, members, overlay, present } from './wire.ts'

export const MANAGED_SYSTEM = new Reference('CIM_ComputerSystem', {
  CreationClassName: 'CIM_ComputerSystem',
  Name: 'ManagedSystem',
})

/** `osPowerSaving`: 0 unknown, 1 unsupported, 2 full power, 3 saving; older firmware and machines that are off do not say. */
export type PowerState = { readonly state: number; readonly osPowerSaving: number }

export async function readPowerState(wsman: Wsman, options?: CallOptions): Promise<PowerState> {
  const osPowerSaving = await readOsPowerSaving(wsman, options)
  const { instances } = await wsman.list('CIM_ServiceAvailableToElement', options)
  const state = instances.map(each => numberOf(each.PowerState)).find(each => each !== undefined)
  if (state === undefined) throw problem('amt-unexpected', 'it does not tell its power state')
  return { state, osPowerSaving }
}

/** 0 when the firmware does not have it or does not say. */
export async function readOsPowerSaving(wsman: Wsman, options?: CallOptions): Promise<number> {
  const service = await contentOf(wsman.get('IPS_PowerManagementService', options))
  return numberOf(service?.OSPowerSavingState) ?? 0
}

/** Asks for a native code. The return value is the caller's to judge. */
export function requestPower(wsman: Wsman, code: number, options?: CallOptions): Promise<Output> {
  const input = members({ PowerState: code, ManagedElement: MANAGED_SYSTEM })
  return wsman.invoke('CIM_PowerManagementService', 'RequestPowerStateChange', input, options)
}

/** Asks the operating system to leave (2) or to enter (3) its power saving. */
export function requestOsPower(wsman: Wsman, target: 2 | 3, options?: CallOptions): Promise<Output> {
  const input = members({ OSPowerSavingState: target, ManagedElement: MANAGED_SYSTEM })
  return wsman.invoke('IPS_PowerManagementService', 'RequestOSPowerSavingStateChange', input, options)
}

export type OsPowerOutcome =
  | { readonly status: 'unknown' | 'unsupported' | 'already' }
  | { readonly status: 'asked'; readonly returnValue: number }

/** Codes 500 and 501: looks first, because firmware does not say why it refuses. */
export async function changeOsPower(wsman: Wsman, code: number, options?: CallOptions): Promise<OsPowerOutcome> {
  const target = code === OS_TO_FULL_POWER ? 2 : 3
  const current = await readOsPowerSaving(wsman, options)
  if (current === 0) return { status: 'unknown' }
  if (current === 1) return { status: 'unsupported' }
  if (current === target) return { status: 'already' }
  return { status: 'asked', returnValue: (await requestOsPower(wsman, target, options)).returnValue }
}

/** What is done with redirection sessions that an act would wait for: end them, refuse the act, or leave them be. */
export type Redirected = 'end' | 'refuse' | 'keep'

export type PowerAct = {
  readonly guid: string
  readonly code: number
  readonly redirections: LiveRedirections
  /** Ends them before off and cycle, and keeps them for the rest, unless said otherwise. */
  readonly redirected?: Redirected | undefined
  readonly options?: CallOptions
}

/**
 * Does a native power action so that it takes effect: an operating system in modern standby is woken before "on", a
 * boot override somebody left behind is cleared before the machine starts, and redirection that firmware would wait
 * for is ended. Throws `amt-refused` when sessions are open and the caller wants a refusal.
 */
export async function actOnPower(wsman: Wsman, act: PowerAct): Promise<Output> {
  const { guid, code, redirections, options } = act
  if (code === 2 && (await readOsPowerSaving(wsman, options)) === 3) await present(requestOsPower(wsman, 2, options))
  if (startsBoot(code)) await present(clearBootOverride(wsman, options))
  const open = redirections.of(guid)
  const redirected = act.redirected ?? (endsRedirection(code) ? 'end' : 'keep')
  if (open.length === 0 || redirected === 'keep') return requestPower(wsman, code, options)
  if (redirected === 'refuse') {
    const modes = open.map(each => each.mode)
    throw problem('amt-refused', `a session is open (${modes.join(', ')})`, { modes, by: open.map(each => each.by) })
  }
  return withoutRedirection(wsman, act)
}

const NO_REDIRECTION = 32_768

/** Firmware waits with off for the end of a session, so the sessions end and nobody can start one until it is done. */
async function withoutRedirection(wsman: Wsman, { guid, code, redirections, options }: PowerAct): Promise<Output> {
  const service = await contentOf(wsman.get('AMT_RedirectionService', options))
  const before = numberOf(service?.EnabledState)
  await redirections.end(guid, `power action ${code}`)
  const change = (state: number): Promise<unknown> =>
    present(wsman.invoke('AMT_RedirectionService', 'RequestStateChange', members({ RequestedState: state }), options))
  if (service === undefined || before === undefined) return requestPower(wsman, code, options)
  await change(NO_REDIRECTION)
  try {
    return await requestPower(wsman, code, options)
  } finally {
    await change(before)
    // Switching everything off closes the listener too on some generations; it is put back as it was.
    if (flagOf(service.ListenerEnabled)) {
      await present(wsman.put('AMT_RedirectionService', overlay(service, { EnabledState: before }), options))
    }
  }
}

export type GracefulAct = PowerAct & {
  /** What is done when the operating system does not follow. */
  readonly hard: number
  /** How long it is given. */
  readonly waitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

const POLL_MS = 2_000

/**
 * Asks the operating system first (12, 13, 14, 15, 16), and does it the hard way when the state was not reached in
 * time or the firmware cannot ask. Answers with what it took and the state that was read back.
 */
export async function softThenHard(
  wsman: Wsman,
  act: GracefulAct,
): Promise<{ readonly took: 'soft' | 'hard'; readonly output: Output; readonly state: number }> {
  const { clock, signal, waitMs, hard } = act
  const soft = await actOnPower(wsman, act)
  const aim = aimOf(act.code)
  const reached = aim === undefined ? [] : REACHED[aim]
  const until = clock.monotonic() + waitMs
  while (soft.returnValue === 0 && clock.monotonic() < until) {
    await clock.sleep(POLL_MS, signal)
    const { state } = await readPowerState(wsman, { ...act.options, signal })
    if (reached.includes(state)) return { took: 'soft', output: soft, state }
  }
  const output = await actOnPower(wsman, { ...act, code: hard })
  await clock.sleep(POLL_MS, signal)
  return { took: 'hard', output, state: (await readPowerState(wsman, { ...act.options, signal })).state }
}

/** AMT_BootCapabilities; empty when the firmware does not have it. */
export async function readBootCapabilities(wsman: Wsman, options?: CallOptions): Promise<Instance> {
  return (await contentOf(wsman.get('AMT_BootCapabilities', options))) ?? {}
}

/** Names of the actions a device takes, with their codes, in the order and spelling of MPS. */
export function powerCapabilities(capabilities: Instance, major: number): Readonly<Record<string, number>> {
  const bit = (name: string): boolean => flagOf(capabilities[name])
  return {
    'Power up': 2,
    'Power cycle': 5,
    'Power down': 8,
    Reset: 10,
    ...(major > 9 ? { 'Soft-off': 12, 'Soft-reset': 14, Sleep: 4, Hibernate: 7 } : {}),
    ...(bit('BIOSSetup') ? { 'Power up to BIOS': 100, 'Reset to BIOS': 101 } : {}),
    ...(bit('SecureErase') ? { 'Reset to Secure Erase': 104 } : {}),
    'Reset to IDE-R Floppy': 200,
    'Power on to IDE-R Floppy': 201,
    'Reset to IDE-R CDROM': 202,
    'Power on to IDE-R CDROM': 203,
    ...(bit('ForceDiagnosticBoot') ? { 'Power on to diagnostic': 300, 'Reset to diagnostic': 301 } : {}),
    'Reset to PXE': 400,
    'Power on to PXE': 401,
  }
}
