// SPDX-License-Identifier: Apache-2.0
/** Boots a machine once in another way: the calls in the order firmware wants, undone when one of them fails. */
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
import { type BootChange, bootSettings, clearedSettings, refuseBusyBoot } from './boot-data.ts'
import { needSource, type Recovery, readBootSources, recoverySource, SOURCE } from './boot-sources.ts'
import { readBootCapabilities, readPowerState, requestPower } from './power.ts'
import { bootPowerCode, REACHED } from './power-codes.ts'
import { fileBootParameters, httpsBootParameters } from './tlv.ts'
import { contentOf, members, present, succeeded } from './wire.ts'

export type BootDetails = {
  readonly url?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly bootPath?: string | undefined
  readonly enforceSecureBoot?: boolean | undefined
}

export type BootAct = {
  /** A synthetic code: 100 to 401. */
  readonly code: number
  readonly useSol: boolean
  readonly details?: BootDetails
  /** Password of the disk, for a secure erase. */
  readonly erasePassword?: string | undefined
  readonly options?: CallOptions
}

type Plan = { readonly change: BootChange; readonly source?: string; readonly power: number }

/** Text of the refusal, as clients of MPS know it. */
export const SECURE_BOOT_IN_CCM = 'EnforceSecureBoot cannot be turned off in CCM'

/**
 * Boots by a synthetic code. The return value of the last call is the caller's to judge; when it is not 0 the override
 * is already cleared. Throws `amt-unsupported` when the machine lacks what it takes, and what calls throw.
 */
export async function bootOnce(wsman: Wsman, act: BootAct): Promise<Output> {
  const plan = await planOf(wsman, act)
  return applyBoot(wsman, plan, act.options)
}

/** The calls themselves, for boots that are planned elsewhere. */
export async function applyBoot(wsman: Wsman, { change, source, power }: Plan, options?: CallOptions): Promise<Output> {
  const { content: given } = await wsman.get('AMT_BootSettingData', options)
  refuseBusyBoot(given)
  try {
    await present(changeBootOrder(wsman, undefined, options))
    await wsman.put('AMT_BootSettingData', bootSettings(given, change), options)
    succeeded(await setBootRole(wsman, options), 'the boot configuration was not activated')
    if (source !== undefined) {
      succeeded(await changeBootOrder(wsman, source, options), `the boot source ${source} was not taken`)
    }
  } catch (thrown) {
    await undoBoot(wsman, given)
    throw thrown
  }
  const output = await requestPower(wsman, power, options)
  if (output.returnValue !== 0) await undoBoot(wsman, given)
  return output
}

const CONFIGURATION = new Reference('CIM_BootConfigSetting', { InstanceID: 'Intel(r) AMT: Boot Configuration 0' })
const NEXT_SINGLE_USE = 1

export function setBootRole(wsman: Wsman, options?: CallOptions): Promise<Output> {
  const input = members({ BootConfigSetting: CONFIGURATION, Role: NEXT_SINGLE_USE })
  return wsman.invoke('CIM_BootService', 'SetBootConfigRole', input, options)
}

/** Without a source the order is emptied. */
export function changeBootOrder(wsman: Wsman, source: string | undefined, options?: CallOptions): Promise<Output> {
  const Source = source === undefined ? undefined : new Reference('CIM_BootSourceSetting', { InstanceID: source })
  return wsman.invoke('CIM_BootConfigSetting', 'ChangeBootOrder', members({ Source }), options)
}

/** Best effort: what failed before is what the caller must hear of. */
async function undoBoot(wsman: Wsman, given: Instance): Promise<void> {
  await changeBootOrder(wsman, undefined).catch(() => undefined)
  await wsman.put('AMT_BootSettingData', clearedSettings(given)).catch(() => undefined)
}

async function planOf(wsman: Wsman, act: BootAct): Promise<Plan> {
  const { code, useSol: sol, options } = act
  const power = bootPowerCode(code)
  switch (code) {
    case 100:
    case 101:
      await needCapability(wsman, 'BIOSSetup', options)
      return { change: { setup: true, sol }, power }
    case 104:
      await needCapability(wsman, 'SecureErase', options)
      return {
        change: { secureErase: true, diskPassword: act.erasePassword, sol },
        power: await restartCode(wsman, options),
      }
    case 200:
    case 201:
      return { change: { ider: 'floppy', sol }, power }
    case 202:
    case 203:
      return { change: { ider: 'cd', sol }, power }
    case 300:
    case 301:
      await needCapability(wsman, 'ForceDiagnosticBoot', options)
      return { change: { sol }, power }
    case 400:
    case 401:
      return { change: { sol }, source: SOURCE.pxe, power }
    default:
      return recoveryPlan(wsman, act)
  }
}

const RECOVERY: Readonly<Record<number, Recovery>> = {
  105: 'https',
  106: 'https',
  107: 'pba',
  108: 'pba',
  109: 'winre',
  110: 'winre',
}
const RECOVERY_BITS = {
  https: { capability: 'ForceUEFIHTTPSBoot', enabled: 'UEFIHTTPSBootEnabled' },
  winre: { capability: 'ForceWinREBoot', enabled: 'WinREBootEnabled' },
  pba: { capability: 'ForceUEFIPBABoot', enabled: 'UEFILocalPBABootEnabled' },
} as const

async function recoveryPlan(wsman: Wsman, { code, details = {}, options }: BootAct): Promise<Plan> {
  const kind = RECOVERY[code]
  if (kind === undefined) throw problem('amt-unsupported', `${code} is no way to boot`)
  const enforceSecureBoot = details.enforceSecureBoot ?? true
  if (!enforceSecureBoot && (await isClientMode(wsman, options))) throw problem('amt-unsupported', SECURE_BOOT_IN_CCM)
  await needRecovery(wsman, kind, options)
  const sources = await readBootSources(wsman, options)
  const source = needSource(recoverySource(sources, kind, details.bootPath), kind)
  const parameters =
    kind === 'https'
      ? httpsBootParameters({ url: details.url ?? '', username: details.username, password: details.password })
      : fileBootParameters(details.bootPath || source.bootString)
  return {
    change: { recovery: { parameters, enforceSecureBoot } },
    source: source.instanceId,
    power: bootPowerCode(code),
  }
}

/** One Click Recovery must be switched on, in the BIOS and in the firmware. */
async function needRecovery(wsman: Wsman, kind: Recovery, options?: CallOptions): Promise<void> {
  const service = await contentOf(wsman.get('CIM_BootService', options))
  if (!recoveryEnabled(numberOf(service?.EnabledState))) {
    throw problem('amt-unsupported', 'One Click Recovery is switched off')
  }
  const { capability, enabled } = RECOVERY_BITS[kind]
  await needCapability(wsman, capability, options)
  const { content } = await wsman.get('AMT_BootSettingData', options)
  if (!flagOf(content[enabled])) throw problem('amt-unsupported', `the BIOS does not allow it (${enabled})`)
}

/** Whether a state of CIM_BootService means that One Click Recovery is on. */
export function recoveryEnabled(state: number | undefined): boolean {
  return state === 32_769 || state === 32_771
}

/** Whether AMT_BootCapabilities has a bit; one of them has two names, by generation. */
export function hasCapability(capabilities: Instance, name: string): boolean {
  const other = name === 'ForceUEFIPBABoot' ? 'ForceUEFILocalPBABoot' : name
  return flagOf(capabilities[name]) || flagOf(capabilities[other])
}

async function needCapability(wsman: Wsman, name: string, options?: CallOptions): Promise<void> {
  const capabilities = await readBootCapabilities(wsman, options)
  if (!hasCapability(capabilities, name)) throw problem('amt-unsupported', `it does not have ${name}`)
}

/** A machine that is off cannot be reset, one that is on cannot be switched on. */
export async function restartCode(wsman: Wsman, options?: CallOptions): Promise<2 | 10> {
  const { state } = await readPowerState(wsman, options)
  return REACHED.off.includes(state) ? 2 : 10
}

const CLIENT_MODE = 4

async function isClientMode(wsman: Wsman, options?: CallOptions): Promise<boolean> {
  const { content } = await wsman.get('AMT_SetupAndConfigurationService', options)
  return numberOf(content.ProvisioningMode) === CLIENT_MODE
}
