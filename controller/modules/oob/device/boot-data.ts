// SPDX-License-Identifier: Apache-2.0
/** AMT_BootSettingData: what the next boot does otherwise, member for member. */
import { problem } from '../problems.ts'
import { type CallOptions, flagOf, type Instance, numberOf, type Wsman } from '../wsman/wsman.ts'
import { encodeParameters, type Parameter } from './tlv.ts'
import { members, without } from './wire.ts'

/** Members firmware tells and does not take. */
export const READ_ONLY: readonly string[] = [
  'BIOSLastStatus',
  'BootguardStatus',
  'OptionsCleared',
  'RPEEnabled',
  'SecureBootControlEnabled',
  'UEFIHTTPSBootEnabled',
  'UEFILocalPBABootEnabled',
  'WinREBootEnabled',
]

/** Members of an ordinary boot; those a generation does not have are left out. */
const ORDINARY = {
  BIOSPause: false,
  BIOSSetup: false,
  BootMediaIndex: 0,
  ConfigurationDataReset: false,
  FirmwareVerbosity: 0,
  ForcedProgressEvents: false,
  IDERBootDevice: 0,
  LockKeyboard: false,
  LockPowerButton: false,
  LockResetButton: false,
  LockSleepButton: false,
  PlatformErase: false,
  ReflashBIOS: false,
  SecureErase: false,
  UefiBootNumberOfParams: 0,
  UefiBootParametersArray: '',
  UseIDER: false,
  UseSOL: false,
  UseSafeMode: false,
  UserPasswordBypass: false,
} as const

export type BootChange = {
  readonly setup?: boolean
  readonly sol?: boolean
  /** Boots from the redirected floppy or CD. */
  readonly ider?: 'floppy' | 'cd'
  readonly secureErase?: boolean
  /** What unlocks disks that are erased. */
  readonly diskPassword?: string | undefined
  readonly platformErase?: boolean
  readonly resetConfiguration?: boolean
  /** One Click Recovery: its parameters, and whether Secure Boot is enforced. */
  readonly recovery?: { readonly parameters: readonly Parameter[]; readonly enforceSecureBoot: boolean }
  /** Parameters of another kind, with nothing said of Secure Boot. */
  readonly parameters?: readonly Parameter[]
}

/** The instance to put: what firmware gave, without what it does not take, an ordinary boot but for the change. */
export function bootSettings(given: Instance, change: BootChange): Instance {
  const writable = without(given, READ_ONLY)
  const ordinary = Object.fromEntries(Object.entries(ORDINARY).filter(([name]) => name in writable))
  const parameters = change.recovery?.parameters ?? change.parameters
  const wanted = members({
    ...ordinary,
    BIOSSetup: change.setup ?? false,
    UseSOL: change.sol ?? false,
    UseIDER: change.ider !== undefined,
    IDERBootDevice: change.ider === 'cd' ? 1 : 0,
    ...(change.secureErase === true ? { SecureErase: true } : {}),
    ...(change.diskPassword === undefined ? {} : { RSEPassword: change.diskPassword }),
    ...(change.platformErase === undefined ? {} : { PlatformErase: change.platformErase }),
    ...(change.resetConfiguration === true ? { ConfigurationDataReset: true } : {}),
    ...(change.recovery === undefined
      ? {}
      : { ForcedProgressEvents: true, EnforceSecureBoot: change.recovery.enforceSecureBoot }),
    ...(parameters === undefined
      ? {}
      : {
          UefiBootNumberOfParams: parameters.length,
          UefiBootParametersArray: encodeParameters(parameters).toString('base64'),
        }),
  })
  const merged = { ...writable, ...wanted }
  // The schema lists members by name, and so does firmware: what is new goes where it belongs.
  return Object.fromEntries(Object.entries(merged).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Throws `amt-refused` while a boot with an override is under way. */
export function refuseBusyBoot(given: Instance): void {
  if (flagOf(given.BIOSPause)) throw problem('amt-refused', 'the BIOS is paused by another boot override')
}

/** Whether the next boot would not be an ordinary one. */
export function overridesBoot(given: Instance): boolean {
  const flags = [
    'BIOSPause',
    'BIOSSetup',
    'PlatformErase',
    'ReflashBIOS',
    'SecureErase',
    'UseIDER',
    'UseSOL',
    'UseSafeMode',
  ]
  return flags.some(name => flagOf(given[name])) || (numberOf(given.UefiBootNumberOfParams) ?? 0) > 0
}

/** Makes the next boot an ordinary one, when it is not. */
export async function clearBootOverride(wsman: Wsman, options?: CallOptions): Promise<void> {
  const { content } = await wsman.get('AMT_BootSettingData', options)
  if (!overridesBoot(content)) return
  await wsman.put('AMT_BootSettingData', clearedSettings(content), options)
}

/** The instance of an ordinary boot. */
export function clearedSettings(given: Instance): Instance {
  return bootSettings(given, {})
}
