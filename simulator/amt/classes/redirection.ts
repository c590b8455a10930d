// SPDX-License-Identifier: Apache-2.0
/** Redirection of screen, serial line and media; the consent of the person at the host; the screens. */
import type { AmtClass, Firmware } from '../firmware.ts'
import { WsmanFault } from '../soap.ts'
import { STATUS } from '../status.ts'
import { keepWritten, serviceFields, withWritten } from './tables.ts'

const REDIRECTION = 'AMT_RedirectionService'
const redirection: AmtClass = {
  name: REDIRECTION,
  keys: ['Name'],
  optional: ['AccessLog', 'Caption', 'Description', 'RequestedState'],
  instances: ({ state }) => [
    {
      fields: {
        ...serviceFields(REDIRECTION, 'Intel(r) AMT Redirection Service'),
        EnabledState: state.features.redirection,
        ListenerEnabled: state.features.listener,
      },
    },
  ],
  put(firmware, _target, input) {
    const enabled = input.number('EnabledState')
    if (enabled !== undefined && !isRedirectionState(enabled)) throw new WsmanFault('c:InvalidParameter')
    if (input.has('ListenerEnabled')) firmware.state.features.listener = input.flag('ListenerEnabled')
    if (enabled !== undefined) firmware.state.features.redirection = enabled
    if (!firmware.state.features.listener) firmware.endSessions()
  },
  methods: {
    RequestStateChange(firmware, input) {
      const wanted = input.number('RequestedState')
      if (wanted === undefined || !isRedirectionState(wanted)) return STATUS.invalidParameter
      firmware.state.features.redirection = wanted
      if (wanted === 32768) firmware.endSessions()
      return STATUS.success
    },
  },
}

function isRedirectionState(state: number): boolean {
  return state >= 32768 && state <= 32771
}

function hasKvm({ model }: Firmware): boolean {
  return model.sku === 'amt'
}

const KVM = 'CIM_KVMRedirectionSAP'
const kvm: AmtClass = {
  name: KVM,
  exists: hasKvm,
  instances: ({ state }) => [
    {
      fields: {
        ...serviceFields(KVM, 'KVM Redirection Service Access Point', 'ManagedSystem'),
        EnabledState: state.features.kvm === 2 ? 6 : 3,
        KVMProtocol: 4,
        RequestedState: state.features.kvm,
      },
    },
  ],
  methods: {
    RequestStateChange(firmware, input) {
      const wanted = input.number('RequestedState')
      if (wanted !== 2 && wanted !== 3) return STATUS.invalidParameter
      firmware.state.features.kvm = wanted
      if (wanted === 3) firmware.endSessions()
      return STATUS.success
    },
  },
}

const KVM_SETTINGS = 'IPS_KVMRedirectionSettingData'
const kvmSettings: AmtClass = {
  name: KVM_SETTINGS,
  exists: hasKvm,
  keys: ['InstanceID'],
  optional: [
    'DoubleBufferMode',
    'DoubleBufferState',
    'GreyscalePixelFormatSupported',
    'InitialDecimationModeForLowRes',
    'ZlibControlSupported',
    'OptInPolicyTimeout',
  ],
  instances: firmware => [
    {
      fields: {
        ...withWritten(firmware, KVM_SETTINGS, '', {
          BackToBackFbMode: false,
          DefaultScreen: 0,
          ElementName: 'Intel(r) KVM Redirection Settings',
          EnabledByMEBx: true,
          InstanceID: 'Intel(r) KVM Redirection Settings',
          Is5900PortEnabled: false,
          OptInPolicy: firmware.state.optIn.required !== 0,
          OptInPolicyTimeout: 300,
          SessionTimeout: 3,
        }),
        // It is written and never read back.
        RFBPassword: '',
      },
    },
  ],
  put(firmware, _target, input) {
    const screen = input.number('DefaultScreen') ?? 0
    if (screen < 0 || screen > 3) throw new WsmanFault('c:InvalidParameter')
    const clientControl = firmware.state.controlMode === 1
    if (clientControl && input.has('OptInPolicy') && !input.flag('OptInPolicy')) throw new WsmanFault('c:AccessDenied')
    const names = ['BackToBackFbMode', 'DefaultScreen', 'Is5900PortEnabled', 'OptInPolicy', 'SessionTimeout']
    keepWritten(firmware, { className: KVM_SETTINGS, key: '', names }, input)
  },
}

const screens: AmtClass = {
  name: 'IPS_ScreenSettingData',
  exists: hasKvm,
  instances: ({ model }) => [
    {
      fields: {
        ElementName: 'Intel(r) Screen Settings',
        InstanceID: 'Intel(r) Screen Settings',
        IsActive: [model.display, model.display, false, false],
        PrimaryIndex: 0,
        QuadraryIndex: 3,
        ResolutionX: model.display ? [1920, 1280, 0, 0] : [0, 0, 0, 0],
        ResolutionY: model.display ? [1080, 1024, 0, 0] : [0, 0, 0, 0],
        SecondaryIndex: 1,
        TertiaryIndex: 2,
        UpperLeftX: [0, 1920, 0, 0],
        UpperLeftY: [0, 0, 0, 0],
      },
    },
  ],
}

const OPT_IN = 'IPS_OptInService'
const ALL = 0xffff_ffff
const MAX_WRONG = 3

const optIn: AmtClass = {
  name: OPT_IN,
  keys: ['Name'],
  optional: ['Caption', 'Description'],
  instances: firmware => [
    {
      fields: {
        CanModifyOptInPolicy: firmware.state.controlMode === 2 ? 1 : 0,
        ...withWritten(firmware, OPT_IN, '', { OptInCodeTimeout: 120, OptInDisplayTimeout: 300 }),
        ...serviceFields(OPT_IN, 'Intel(r) AMT OptIn Service'),
        OptInRequired: firmware.state.optIn.required,
        OptInState: firmware.state.optIn.state,
      },
    },
  ],
  put(firmware, _target, input) {
    const { state } = firmware
    const required = input.number('OptInRequired')
    if (required !== undefined && required !== 0 && required !== 1 && required !== ALL) {
      throw new WsmanFault('c:InvalidParameter')
    }
    if (required !== undefined && state.controlMode !== 2 && required !== state.optIn.required) {
      throw new WsmanFault('c:AccessDenied')
    }
    if (required !== undefined) state.optIn.required = required
    const names = ['OptInCodeTimeout', 'OptInDisplayTimeout']
    keepWritten(firmware, { className: OPT_IN, key: '', names }, input)
  },
  methods: {
    StartOptIn(firmware) {
      const { state, clock, model } = firmware
      if (state.optIn.required === 0) return STATUS.notPermitted
      if (state.optIn.state >= 3) return STATUS.notReady
      state.optIn = { required: state.optIn.required, state: 1, wrong: 0 }
      // Without a lit screen nobody can read the code, and the request stays one.
      if (model.display && state.power === 2) {
        state.optIn.state = 2
        state.optIn.code = sixDigits(firmware)
        state.optIn.untilMs = clock.monotonic() + codeTimeoutMs(firmware)
      }
      firmware.consentChanged()
      return STATUS.success
    },
    SendOptInCode(firmware, input) {
      const { state, clock } = firmware
      const { code, untilMs = 0 } = state.optIn
      if (state.optIn.state !== 2 || code === undefined) return STATUS.notReady
      // The engine never tells that time ran out: it goes on saying that a code is asked for.
      if (clock.monotonic() >= untilMs) return STATUS.notReady
      if (input.text('OptInCode').trim().padStart(6, '0') === code) {
        state.optIn = { required: state.optIn.required, state: 3, wrong: 0 }
        firmware.consentChanged()
        return STATUS.success
      }
      state.optIn.wrong += 1
      if (state.optIn.wrong >= MAX_WRONG) state.optIn = { required: state.optIn.required, state: 0, wrong: 0 }
      firmware.touched()
      return STATUS.invalidParameter
    },
    CancelOptIn(firmware) {
      const { state } = firmware
      if (state.optIn.state === 0) return STATUS.notReady
      state.optIn = { required: state.optIn.required, state: 0, wrong: 0 }
      firmware.consentChanged()
      return STATUS.success
    },
  },
}

function sixDigits({ random }: Firmware): string {
  return String(Buffer.from(random(4)).readUInt32BE() % 1_000_000).padStart(6, '0')
}

function codeTimeoutMs(firmware: Firmware): number {
  const { OptInCodeTimeout } = withWritten(firmware, OPT_IN, '', { OptInCodeTimeout: 120 })
  return Number(OptInCodeTimeout) * 1000
}

export const REDIRECTION_CLASSES: readonly AmtClass[] = [redirection, kvm, kvmSettings, screens, optIn]
