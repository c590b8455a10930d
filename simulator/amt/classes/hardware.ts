// SPDX-License-Identifier: Apache-2.0
/** What the host is made of. */
import type { AmtClass, Model } from '../firmware.ts'
import type { Fields, Reference } from '../soap.ts'
import { wireUuid } from './setup.ts'
import { serviceFields } from './tables.ts'

function packageFields(name: string, { hardware }: Model): Fields {
  return {
    CanBeFRUed: true,
    CreationClassName: name,
    Manufacturer: hardware.manufacturer,
    Model: hardware.product,
    OperationalStatus: 0,
    SerialNumber: hardware.serial,
    Tag: name,
    Version: 'K47174-402',
  }
}

function single(name: string, fields: (model: Model) => Fields): AmtClass {
  return { name, instances: ({ model }) => [{ fields: fields(model) }] }
}

function several(name: string, key: string, fields: (model: Model) => readonly Fields[]): AmtClass {
  return { name, keys: [key], instances: ({ model }) => fields(model).map(one => ({ fields: one })) }
}

function count(number: number): readonly number[] {
  return Array.from({ length: number }, (_none, index) => index)
}

const chassis = single('CIM_Chassis', model => ({
  ...packageFields('CIM_Chassis', model),
  CanBeFRUed: undefined,
  ChassisPackageType: 0,
  ElementName: 'Managed System Chassis',
  PackageType: 3,
}))
const card = single('CIM_Card', model => ({
  ...packageFields('CIM_Card', model),
  ElementName: 'Managed System Base Board',
  PackageType: 9,
}))
const bios = single('CIM_BIOSElement', model => ({
  ElementName: 'Primary BIOS',
  Manufacturer: model.hardware.manufacturer,
  Name: 'Primary BIOS',
  OperationalStatus: 0,
  PrimaryBIOS: true,
  ReleaseDate: { wrap: 'Datetime', text: '2023-08-10T00:00:00Z' },
  SoftwareElementID: 'SIMU.0054.2023.0810.2227',
  SoftwareElementState: 2,
  TargetOperatingSystem: 66,
  Version: 'SIMU.0054.2023.0810.2227',
}))
const processor = several('CIM_Processor', 'DeviceID', ({ hardware }) =>
  count(hardware.cpus).map(index => ({
    CPUStatus: 1,
    CreationClassName: 'CIM_Processor',
    CurrentClockSpeed: 2400,
    DeviceID: `CPU ${index}`,
    ElementName: 'Managed System CPU',
    EnabledState: 2,
    ExternalBusClockSpeed: 100,
    Family: 198,
    HealthState: 0,
    MaxClockSpeed: 4800,
    OperationalStatus: 0,
    OtherFamilyDescription: '',
    RequestedState: 12,
    Role: 'Central',
    Stepping: '13',
    SystemCreationClassName: 'CIM_ComputerSystem',
    SystemName: 'ManagedSystem',
    UpgradeMethod: 52,
  })),
)
const chip: AmtClass = {
  name: 'CIM_Chip',
  keys: ['Tag'],
  instances: firmware => [
    ...count(firmware.model.hardware.cpus).map(index => ({
      fields: {
        CanBeFRUed: true,
        CreationClassName: 'CIM_Chip',
        ElementName: 'Managed System Processor Chip',
        Manufacturer: 'Intel(R) Corporation',
        OperationalStatus: 0,
        Tag: `CPU ${index}`,
        Version: 'Intel(R) Core(TM) i7-1185GRE CPU @ 2.80GHz',
      },
    })),
    ...memory.instances(firmware).map(({ fields }) => ({ className: 'CIM_PhysicalMemory', fields })),
  ],
}
const memory: AmtClass = several('CIM_PhysicalMemory', 'Tag', ({ hardware }) =>
  count(hardware.dimms).map(index => ({
    BankLabel: `BANK ${index * 2}`,
    Capacity: 17179869184,
    ConfiguredMemoryClockSpeed: 2400,
    CreationClassName: 'CIM_PhysicalMemory',
    ElementName: 'Managed System Memory Chip',
    FormFactor: 13,
    IsSpeedInMhz: true,
    Manufacturer: '859B',
    MaxMemorySpeed: 2400,
    MemoryType: 26,
    PartNumber: 'CT16G4SFD824A.M16FE ',
    // Leading zeros: a reader that makes numbers of such text loses them.
    SerialNumber: `00E8D67${index}`,
    Speed: 0,
    Tag: index === 0 ? '9876543210' : `9876543210 (#${index})`,
  })),
)
const media = several('CIM_MediaAccessDevice', 'DeviceID', ({ hardware }) =>
  count(hardware.disks).map(index => ({
    Capabilities: 4,
    CreationClassName: 'CIM_MediaAccessDevice',
    DeviceID: `MEDIA DEV ${index}`,
    ElementName: 'Managed System Media Access Device',
    EnabledDefault: 2,
    EnabledState: 0,
    MaxMediaSize: 500107862,
    OperationalStatus: 0,
    RequestedState: 12,
    Security: 2,
    SystemCreationClassName: 'CIM_ComputerSystem',
    SystemName: 'ManagedSystem',
  })),
)
const physicalPackage: AmtClass = {
  name: 'CIM_PhysicalPackage',
  instances: firmware => [
    ...chassis.instances(firmware).map(({ fields }) => ({ className: 'CIM_Chassis', fields })),
    ...card.instances(firmware).map(({ fields }) => ({ className: 'CIM_Card', fields })),
    ...count(firmware.model.hardware.disks).map(index => ({
      fields: {
        CanBeFRUed: true,
        CreationClassName: 'CIM_PhysicalPackage',
        ElementName: 'Managed System Storage Media Package',
        Model: 'SIMULATED DISK',
        OperationalStatus: 0,
        PackageType: 15,
        SerialNumber: `0000S${index}`,
        Tag: `Storage Media Package ${index}`,
      },
    })),
  ],
}

const CHASSIS: Reference = { ref: 'CIM_Chassis', selectors: { CreationClassName: 'CIM_Chassis', Tag: 'CIM_Chassis' } }
const SYSTEM: Reference = {
  ref: 'CIM_ComputerSystem',
  selectors: { CreationClassName: 'CIM_ComputerSystem', Name: 'ManagedSystem' },
}
const systemPackage = single('CIM_ComputerSystemPackage', model => ({
  Antecedent: CHASSIS,
  Dependent: SYSTEM,
  PlatformGUID: wireUuid(model.uuid).toString('hex').toUpperCase(),
}))
const systemPackaging: AmtClass = {
  name: 'CIM_SystemPackaging',
  instances: firmware =>
    systemPackage.instances(firmware).map(({ fields }) => ({ className: 'CIM_ComputerSystemPackage', fields })),
}
const hostIp = single('IPS_HostIPSettings', () => ({
  ElementName: 'Intel(r) AMT: Host IP Settings',
  InstanceID: 'Intel(r) AMT: Host IP Settings',
}))
const kerberos = single('AMT_KerberosSettingData', () => ({
  ElementName: 'Intel(r) AMT: Kerberos Settings',
  InstanceID: 'Intel(r) AMT: Kerberos Settings',
  KrbEnabled: false,
}))
const webService = single('AMT_WebUIService', () => ({
  ...serviceFields('AMT_WebUIService', 'Intel(r) AMT Web UI Service'),
  EnabledState: 2,
}))

export const HARDWARE_CLASSES: readonly AmtClass[] = [
  chassis,
  card,
  bios,
  processor,
  chip,
  memory,
  media,
  physicalPackage,
  systemPackage,
  systemPackaging,
  hostIp,
  kerberos,
  webService,
]
