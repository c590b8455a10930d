// SPDX-License-Identifier: Apache-2.0
/** What the next boot is to do: settings, sources, roles, and one-click recovery. */
import type { AmtClass, Firmware } from '../firmware.ts'
import type { Input } from '../input.ts'
import { readParameters } from '../power.ts'
import { type Fields, WsmanFault } from '../soap.ts'
import { STATUS } from '../status.ts'
import { constant, serviceFields } from './tables.ts'

const SETTINGS = 'AMT_BootSettingData'
const READ_ONLY = [
  'BIOSLastStatus',
  'OptionsCleared',
  'SecureBootControlEnabled',
  'UEFIHTTPSBootEnabled',
  'UEFILocalPBABootEnabled',
  'WinREBootEnabled',
  'BootguardStatus',
  'OwningEntity',
  'ElementName',
  'InstanceID',
]

function recovery({ model }: Firmware): boolean {
  return model.hardware.recovery && model.major >= 15
}

const capabilities: AmtClass = {
  name: 'AMT_BootCapabilities',
  instances: firmware => [
    {
      fields: {
        AMTSecureBootControl: recovery(firmware),
        BIOSPause: false,
        BIOSReflash: false,
        BIOSSecureBoot: true,
        BIOSSetup: true,
        ConfigurationDataReset: false,
        ElementName: 'Intel(r) AMT: Boot Capabilities',
        ForceCDorDVDBoot: true,
        ForceDiagnosticBoot: true,
        ForceHardDriveBoot: true,
        ForceHardDriveSafeModeBoot: false,
        ForcePXEBoot: true,
        ...(recovery(firmware) && {
          ForceUEFIHTTPSBoot: true,
          ForceUEFILocalPBABoot: true,
          ForceWinREBoot: true,
          UEFIWiFiCoExistenceAndProfileShare: true,
        }),
        ForcedProgressEvents: true,
        IDER: true,
        InstanceID: 'Intel(r) AMT:BootCapabilities 0',
        KeyboardLock: true,
        ...(firmware.model.major >= 16 && { PlatformErase: recovery(firmware) ? 3 : 0 }),
        PowerButtonLock: true,
        ResetButtonLock: true,
        SOL: true,
        SecureErase: true,
        SleepButtonLock: true,
        UserPasswordBypass: true,
        VerbosityQuiet: true,
        VerbosityScreenBlank: true,
        VerbosityVerbose: true,
      },
    },
  ],
}

function settingDefaults(firmware: Firmware): Fields {
  const enabled = firmware.state.boot.enabledState >= 32769 && recovery(firmware)
  return {
    BIOSLastStatus: [2, 0],
    BIOSPause: false,
    BIOSSetup: false,
    BootMediaIndex: 0,
    ConfigurationDataReset: false,
    ElementName: 'Intel(r) AMT Boot Configuration Settings',
    EnforceSecureBoot: false,
    FirmwareVerbosity: 0,
    ForcedProgressEvents: false,
    IDERBootDevice: 0,
    InstanceID: 'Intel(r) AMT:BootSettingData 0',
    LockKeyboard: false,
    LockPowerButton: false,
    LockResetButton: false,
    LockSleepButton: false,
    OptionsCleared: true,
    OwningEntity: 'Intel(r) AMT',
    ...(firmware.model.major >= 16 && { PlatformErase: false }),
    RSEPassword: '',
    ReflashBIOS: false,
    ...(firmware.model.major >= 15 && {
      SecureBootControlEnabled: enabled,
      UEFIHTTPSBootEnabled: enabled,
      UEFILocalPBABootEnabled: enabled,
      UefiBootNumberOfParams: 0,
      UefiBootParametersArray: '',
      WinREBootEnabled: enabled,
    }),
    SecureErase: false,
    UseIDER: false,
    UseSOL: false,
    UseSafeMode: false,
    UserPasswordBypass: false,
  }
}

const settingData: AmtClass = {
  name: SETTINGS,
  keys: ['InstanceID'],
  optional: [
    'BIOSSecureBoot',
    'ConfigurationDataReset',
    'UEFIBootNumberOfParams',
    'UEFIBootParametersArray',
    'RPEEnabled',
    'PlatformErase',
    'BootguardStatus',
  ],
  instances: firmware => [
    {
      fields: {
        ...settingDefaults(firmware),
        ...(firmware.state.boot.settings && { ...firmware.state.boot.settings, OptionsCleared: false }),
      },
    },
  ],
  put(firmware, _target, input) {
    checkSettings(firmware, input)
    const settings: Record<string, string | string[]> = {}
    for (const { name } of input.element.children) {
      const texts = input.texts(name)
      if (!READ_ONLY.includes(name)) settings[name] = texts.length === 1 ? (texts[0] ?? '') : [...texts]
    }
    firmware.state.boot.settings = settings
  },
}

function checkSettings(firmware: Firmware, input: Input): void {
  const clientControl = firmware.state.controlMode === 1
  if (input.has('EnforceSecureBoot') && !input.flag('EnforceSecureBoot') && clientControl && hasParameters(input)) {
    throw new WsmanFault('c:AccessDenied')
  }
  const device = input.number('IDERBootDevice') ?? 0
  if (input.flag('UseIDER') && device !== 0 && device !== 1) throw new WsmanFault('c:InvalidParameter')
  const count = input.number('UefiBootNumberOfParams') ?? input.number('UEFIBootNumberOfParams') ?? 0
  const blob = input.text('UefiBootParametersArray') || input.text('UEFIBootParametersArray')
  if (count > 0 && readParameters(Buffer.from(blob, 'base64')).length !== count) {
    throw new WsmanFault('c:InvalidParameter')
  }
}

function hasParameters(input: Input): boolean {
  return (input.number('UefiBootNumberOfParams') ?? input.number('UEFIBootNumberOfParams') ?? 0) > 0
}

type Source = { readonly id: string; readonly structured: string; readonly bios?: string }
const PLAIN_SOURCES: readonly Source[] = [
  { id: 'Intel(r) AMT: Force Hard-drive Boot', structured: 'CIM:Hard-Disk:1' },
  { id: 'Intel(r) AMT: Force PXE Boot', structured: 'CIM:Network:1' },
  { id: 'Intel(r) AMT: Force CD/DVD Boot', structured: 'CIM:CD/DVD:1' },
]
const DIAGNOSTIC: Source = { id: 'Intel(r) AMT: Force Diagnostic Boot', structured: 'CIM:Diagnostic:1' }
const RECOVERY_SOURCES: readonly Source[] = [
  { id: 'Intel(r) AMT: Force OCR UEFI HTTPS Boot', structured: 'CIM:Network:2', bios: 'HTTPS Boot' },
  { id: 'Intel(r) AMT: Force OCR UEFI Boot Option 1', structured: 'CIM:Hard-Disk:2', bios: 'WinRe' },
  { id: 'Intel(r) AMT: Force OCR UEFI Boot Option 2', structured: 'CIM:Hard-Disk:3', bios: 'PBA' },
]

function sources(firmware: Firmware): readonly Source[] {
  return [...PLAIN_SOURCES, DIAGNOSTIC, ...(recovery(firmware) ? RECOVERY_SOURCES : [])]
}

const sourceSetting: AmtClass = {
  name: 'CIM_BootSourceSetting',
  keys: ['InstanceID'],
  instances: firmware =>
    sources(firmware).map(({ id, structured, bios }) => ({
      fields: {
        ...(bios !== undefined && { BIOSBootString: bios, BootString: bios }),
        ElementName: 'Intel(r) AMT: Boot Source',
        FailThroughSupported: 2,
        InstanceID: id,
        StructuredBootString: structured,
      },
    })),
}

const CONFIGURATION = 'Intel(r) AMT: Boot Configuration 0'
const configSetting: AmtClass = {
  ...constant('CIM_BootConfigSetting', { ElementName: 'Intel(r) AMT: Boot Configuration', InstanceID: CONFIGURATION }),
  methods: {
    ChangeBootOrder(firmware, input) {
      const { boot } = firmware.state
      const source = input.reference('Source')
      if (source === undefined) {
        delete boot.source
        return STATUS.success
      }
      const id = source.selectors.InstanceID
      if (source.ref !== 'CIM_BootSourceSetting' || id === undefined) return STATUS.invalidParameter
      if (!sources(firmware).some(known => known.id === id)) return STATUS.unsupportedBootOption
      // Redirected media are chosen by the settings; a source beside them is refused.
      if (boot.settings?.UseIDER === 'true') return STATUS.invalidParameter
      boot.source = id
      return STATUS.success
    },
  },
}

const SERVICE = 'CIM_BootService'
const service: AmtClass = {
  name: SERVICE,
  instances: ({ state }) => [
    {
      fields: {
        ...serviceFields(SERVICE, 'Intel(r) AMT Boot Service'),
        EnabledState: state.boot.enabledState,
        OperationalStatus: 0,
        RequestedState: 12,
      },
    },
  ],
  methods: {
    SetBootConfigRole(firmware, input) {
      const { boot } = firmware.state
      const role = input.number('Role')
      const configuration = input.reference('BootConfigSetting')
      if (configuration?.ref !== 'CIM_BootConfigSetting' || configuration.selectors.InstanceID !== CONFIGURATION) {
        return STATUS.invalidParameter
      }
      if (role !== 1 && role !== 32768) return STATUS.invalidParameter
      const redirects = ['UseIDER', 'UseSOL', 'BIOSSetup'].some(name => boot.settings?.[name] === 'true')
      if (role === 1 && redirects && !firmware.consented('other')) return STATUS.consentRequired
      boot.role = role
      return STATUS.success
    },
    RequestStateChange(firmware, input) {
      const wanted = input.number('RequestedState')
      if (!recovery(firmware)) return STATUS.unsupported
      if (wanted === undefined || wanted < 32768 || wanted > 32771) return STATUS.invalidParameter
      firmware.state.boot.enabledState = wanted
      return STATUS.success
    },
  },
}

export const BOOT_CLASSES: readonly AmtClass[] = [capabilities, settingData, sourceSetting, configSetting, service]
