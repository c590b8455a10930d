// SPDX-License-Identifier: Apache-2.0
/** The power of the host and how deeply its operating system sleeps. */
import type { AmtClass, Firmware } from '../firmware.ts'
import { STATUS } from '../status.ts'
import { constant, serviceFields } from './tables.ts'

const SERVICE = 'CIM_PowerManagementService'
const NAME = 'Intel(r) AMT Power Management Service'

const powerManagement: AmtClass = {
  ...constant(SERVICE, { ...serviceFields(SERVICE, NAME), EnabledState: 5, RequestedState: 12 }),
  methods: {
    RequestPowerStateChange(firmware, input) {
      const action = input.number('PowerState')
      const managed = input.reference('ManagedElement')
      if (action === undefined || managed?.ref !== 'CIM_ComputerSystem') return STATUS.invalidParameter
      const { CreationClassName, Name } = managed.selectors
      if (CreationClassName !== 'CIM_ComputerSystem' || Name !== 'ManagedSystem') return STATUS.invalidParameter
      firmware.state.counters.powerActions += 1
      return firmware.power(action)
    },
  },
}

const associated: AmtClass = {
  name: 'CIM_AssociatedPowerManagementService',
  instances: firmware => [
    {
      className: 'CIM_AssociatedPowerManagementService',
      fields: {
        AvailableRequestedPowerStates: availableStates(firmware),
        PowerState: firmware.state.power,
        ServiceProvided: {
          ref: SERVICE,
          selectors: {
            CreationClassName: SERVICE,
            Name: NAME,
            SystemCreationClassName: 'CIM_ComputerSystem',
            SystemName: 'Intel(r) AMT',
          },
        },
        UserOfService: {
          ref: 'CIM_ComputerSystem',
          selectors: { CreationClassName: 'CIM_ComputerSystem', Name: 'ManagedSystem' },
        },
      },
    },
  ],
}

/** What it offers now; an older engine knows no graceful ones. */
function availableStates({ state, model }: Firmware): readonly number[] {
  if (state.power !== 2) return [2, ...(state.power === 3 || state.power === 4 ? [8, 5] : [])]
  const graceful = model.major > 9 ? [4, 7, 14, 12] : []
  return [10, 8, 5, 11, ...graceful]
}

const available: AmtClass = { ...associated, name: 'CIM_ServiceAvailableToElement' }

const IPS = 'IPS_PowerManagementService'
const ipsPowerManagement: AmtClass = {
  name: IPS,
  exists: ({ model }) => model.major >= 12,
  instances: ({ state }) => [
    {
      fields: {
        ...serviceFields(IPS, NAME),
        EnabledState: 5,
        RequestedState: 12,
        // Only a running operating system has one.
        OSPowerSavingState: state.power === 2 ? state.osSaving : undefined,
      },
    },
  ],
  methods: {
    RequestOSPowerSavingStateChange({ state }, input) {
      const wanted = input.number('OSPowerSavingState')
      if (wanted !== 2 && wanted !== 3) return 5
      if (state.power !== 2) return 4097
      state.osSaving = wanted
      return STATUS.success
    },
  },
}

const computerSystem: AmtClass = {
  name: 'CIM_ComputerSystem',
  keys: ['CreationClassName', 'Name'],
  instances: () =>
    ['Intel(r) AMT', 'ManagedSystem'].map(Name => ({
      fields: {
        CreationClassName: 'CIM_ComputerSystem',
        Dedicated: Name === 'ManagedSystem' ? 0 : [14, 15],
        ElementName: Name === 'ManagedSystem' ? 'Managed System' : Name,
        EnabledState: 5,
        Name,
        NameFormat: 'Other',
        RequestedState: 12,
      },
    })),
}

export const POWER_CLASSES: readonly AmtClass[] = [
  powerManagement,
  associated,
  available,
  ipsPowerManagement,
  computerSystem,
]
