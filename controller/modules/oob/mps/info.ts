// SPDX-License-Identifier: Apache-2.0
/** What a device is: version, general settings, hardware, disks. */
import type { Http } from '../../../http/http.ts'
import { changeGeneralSettings, readGeneralSettings } from '../device/general.ts'
import { readDisks, readHardware } from '../device/hardware.ts'
import { readVersions } from '../device/version.ts'
import type { Listing, Reply } from '../wsman/wsman.ts'
import { flagIn, isFlag, isInteger, isLength, isText } from './fields.ts'
import { envelopeJson, instanceJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { declare } from './route.ts'

export function infoRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/version/:guid',
    access: 'host.read',
    summary: 'Read the versions of the firmware and how it is activated',
    exception: 'Exception during AMT Version request',
    device: async ({ wsman, options }) => {
      const { parts: identities, setup } = await readVersions(wsman, options)
      return {
        body: {
          CIM_SoftwareIdentity: { responses: identities.map(instanceJson), status: 200 },
          AMT_SetupAndConfigurationService: {
            response: instanceJson(setup.content),
            responses: envelopeJson(setup.envelope, { flat: true }),
            status: 200,
          },
        },
      }
    },
  })
  generalRoutes(http, parts)
  declare(http, parts, {
    method: 'GET',
    path: '/amt/hardwareInfo/:guid',
    access: 'host.read',
    summary: 'Read what a machine is made of',
    exception: 'Exception during AMT Hardware Information request',
    device: async ({ wsman, options }) => {
      const { single, many } = await readHardware(wsman, options)
      const body: Record<string, object> = {}
      for (const name of ORDER)
        body[name] = MANY.has(name) ? listed(many.get(name as never)) : got(single.get(name as never)) // either map has it
      return { body }
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/diskInfo/:guid',
    access: 'host.read',
    summary: 'Read the disks of a machine',
    exception: 'Exception during AMT Hardware Information request',
    device: async ({ wsman, options }) => {
      const disks = await readDisks(wsman, options)
      return {
        body: {
          CIM_MediaAccessDevice: listed(disks.get('CIM_MediaAccessDevice')),
          CIM_PhysicalPackage: listed(disks.get('CIM_PhysicalPackage')),
        },
      }
    },
  })
}

/** As MPS orders them. */
const ORDER = [
  'CIM_ComputerSystemPackage',
  'CIM_SystemPackaging',
  'CIM_Chassis',
  'CIM_Chip',
  'CIM_Card',
  'CIM_BIOSElement',
  'CIM_Processor',
  'CIM_PhysicalMemory',
  'CIM_MediaAccessDevice',
  'CIM_PhysicalPackage',
] as const
const MANY: ReadonlySet<string> = new Set([
  'CIM_SystemPackaging',
  'CIM_Chip',
  'CIM_Processor',
  'CIM_PhysicalMemory',
  'CIM_MediaAccessDevice',
  'CIM_PhysicalPackage',
])

function got(reply: Reply | undefined): object {
  if (reply === undefined) return { status: 400 }
  return {
    response: instanceJson(reply.content),
    responses: envelopeJson(reply.envelope, { flat: true }),
    status: 200,
  }
}

/** Always a list, for one and for many. */
function listed(listing: Listing | undefined): object {
  if (listing === undefined) return { responses: [], status: 400 }
  return { responses: listing.instances.map(instanceJson), status: 200 }
}

const FLAGS = ['SharedFQDN', 'RmcpPingResponseEnabled', 'PingResponseEnabled'] as const
const NUMBERS = ['AMTNetworkEnabled', 'IdleWakeTimeout', 'PrivacyLevel'] as const
const TEXTS = ['HostName', 'DomainName'] as const

function generalRoutes(http: Http, parts: MpsParts): void {
  const exception = 'Exception during AMT General Settings request'
  declare(http, parts, {
    method: 'GET',
    path: '/amt/generalSettings/:guid',
    access: 'host.read',
    summary: 'Read the general settings',
    exception,
    device: async ({ wsman, options }) => {
      const { envelope } = await readGeneralSettings(wsman, options)
      return { body: envelopeJson(envelope, { flat: true, relatesAsText: true }) }
    },
  })
  declare(http, parts, {
    method: 'PUT',
    path: '/amt/generalSettings/:guid',
    access: 'host.change',
    summary: 'Change general settings; what is not named stays as it is',
    exception,
    act: 'general',
    check: fields => {
      for (const name of FLAGS) fields.optional('body', name, isFlag)
      for (const name of NUMBERS) fields.optional('body', name, isInteger(0, 65_535))
      for (const name of TEXTS) fields.optional('body', name, isText, isLength(0, 192))
    },
    device: async ({ wsman, body, options }) => {
      const named = (names: readonly string[]) => names.filter(name => body[name] !== undefined)
      const change = {
        ...Object.fromEntries(named(TEXTS).map(name => [name, String(body[name])])),
        ...Object.fromEntries(named(FLAGS).map(name => [name, flagIn(body[name]) === true])),
        ...Object.fromEntries(named(NUMBERS).map(name => [name, Number(body[name])])),
      }
      const { envelope } = await changeGeneralSettings(wsman, change, options)
      return {
        body: envelopeJson(envelope, { flat: true, relatesAsText: true }),
        note: { changed: Object.keys(change) },
      }
    },
  })
}
