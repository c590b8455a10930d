// SPDX-License-Identifier: Apache-2.0
/** Network settings: both ports together, the wired one, who owns the wireless link. */
import type { Http } from '../../../http/http.ts'
import { changeWired, preferLink, readPorts, readWired8021x, type WiredChange } from '../device/network.ts'
import { ToolkitAnswer } from '../toolkit/toolkit.ts'
import { statusName } from '../wsman/status.ts'
import { type Fields, flagIn, fulfils, isFlag, isInteger, isText, saying } from './fields.ts'
import { wiredJson, wirelessJson } from './network-json.ts'
import type { MpsParts } from './parts.ts'
import { type Context, type DeviceContext, declare } from './route.ts'
import { refusal } from './texts.ts'

const exception = 'Exception during AMT Network Settings request'

export function networkRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/networkSettings/:guid',
    access: 'host.read',
    summary: 'Read the settings of both network ports',
    exception,
    device: async ({ wsman, guid, options }) => {
      const { wired, wireless } = await readPorts(wsman, options)
      if (wired === undefined && wireless === undefined) throw missing('Network Settings not found', `guid : ${guid}`)
      return {
        body: {
          wired: wired === undefined ? null : wiredJson(wired, await readWired8021x(wsman, options)),
          wireless: wireless === undefined ? null : await wirelessJson(wsman, wireless, options),
        },
      }
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/networkSettings/wired/:guid',
    access: 'host.read',
    summary: 'Read the settings of the wired port',
    exception,
    device: async context => {
      const { wsman, options } = context
      const port = await wiredPort(context)
      return { body: wiredJson(port, await readWired8021x(wsman, options)) }
    },
  })
  declare(http, parts, {
    method: 'PATCH',
    path: '/amt/networkSettings/wired/:guid',
    access: 'host.change',
    summary: 'Change how the wired port gets its address',
    exception,
    act: 'network',
    check: wiredChecks,
    device: async context => {
      const { wsman, body, options } = context
      if (body.ieee8021x !== undefined && body.ieee8021x !== null) {
        throw new ToolkitAnswer(501, {
          error: 'Wired 802.1X configuration is not yet supported',
          errorDescription: 'Wired 802.1X configuration is not yet supported',
        })
      }
      const change = wiredChange(body)
      const complaint = combination(change)
      if (complaint !== undefined) throw refusal(400, complaint)
      await changeWired(wsman, { port: await wiredPort(context), change }, options)
      return { status: 204, note: { dhcp: change.dhcp, ipSync: change.ipSync ?? null } }
    },
  })
  linkRoute(http, parts)
}

export function missing(error: string, errorDescription: string): ToolkitAnswer {
  return new ToolkitAnswer(404, { error, errorDescription })
}

async function wiredPort({ wsman, guid, options }: DeviceContext) {
  const { wired } = await readPorts(wsman, options)
  if (wired !== undefined) return wired
  throw missing('Wired Network Settings not found', `Wired Network Settings not found for guid : ${guid}.`)
}

const ADDRESSES = ['ipAddress', 'subnetMask', 'defaultGateway', 'primaryDNS', 'secondaryDNS'] as const

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

function wiredChecks(fields: Fields): void {
  fields
    .check('body', 'dhcpEnabled', saying(isFlag, 'dhcpEnabled must be a boolean'))
    .optional('body', 'ipSyncEnabled', saying(isFlag, 'ipSyncEnabled must be a boolean'))
  const isAddress = (value: unknown): boolean => typeof value === 'string' && IPV4.test(value)
  for (const name of ADDRESSES) fields.lax('body', name, fulfils(isAddress, `${name} must be a valid IPv4 address`))
}

function wiredChange(body: Context['body']): WiredChange {
  const address = (name: (typeof ADDRESSES)[number]): string | undefined => {
    const value = body[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  return {
    dhcp: flagIn(body.dhcpEnabled) === true,
    ipSync: flagIn(body.ipSyncEnabled),
    ipAddress: address('ipAddress'),
    subnetMask: address('subnetMask'),
    defaultGateway: address('defaultGateway'),
    primaryDns: address('primaryDNS'),
    secondaryDns: address('secondaryDNS'),
  }
}

/** What does not go together, in MPS's words. */
function combination(change: WiredChange): string | undefined {
  const { dhcp, ipSync, ipAddress, subnetMask, defaultGateway, primaryDns, secondaryDns } = change
  const isStatic = [ipAddress, subnetMask, defaultGateway, primaryDns, secondaryDns].some(each => each !== undefined)
  if (dhcp && isStatic) return 'cannot specify static IP settings when DHCP is enabled'
  if (ipSync === true && isStatic) return 'cannot specify static IP settings when IP sync is enabled'
  if (!dhcp && ipSync !== true && !isStatic) return 'must enable DHCP, enable IP sync, or provide static IP settings'
  if (dhcp || !isStatic) return undefined
  const needed = { ipAddress, subnetMask, defaultGateway, primaryDNS: primaryDns }
  const lacking = Object.entries(needed).find(([, value]) => value === undefined)
  return lacking === undefined ? undefined : `${lacking[0]} is required for static IP configuration`
}

function linkRoute(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'POST',
    path: '/amt/network/linkPreference/:guid',
    access: 'host.change',
    summary: 'Give the wireless link to the firmware or to the operating system',
    exception: 'Exception during Set Link Preference',
    act: 'link',
    check: fields =>
      void fields
        .check('body', 'linkPreference', isInteger(1, 2, 'linkPreference must be 1 (ME) or 2 (HOST)'))
        .check('body', 'timeout', isInteger(0, 4_294_967_295, 'timeout must be a non-negative integer'))
        .optional('query', 'instanceID', isText),
    device: async ({ wsman, body, guid, options }) => {
      const { wireless } = await readPorts(wsman, options)
      if (wireless === undefined) {
        throw refusal(404, `Set Link Preference failed: No WiFi port found for guid : ${guid}.`)
      }
      const to = Number(body.linkPreference) === 1 ? 'me' : 'host'
      const timeoutS = Number(body.timeout)
      const { returnValue } = await preferLink(wsman, { port: wireless, to, timeoutS }, options)
      const ReturnValueStr = statusName(returnValue)
      if (returnValue !== 0) throw refusal(400, `Set Link Preference failed: ${ReturnValueStr} for guid : ${guid}.`)
      const port = wiredJson(wireless, undefined)
      return {
        body: {
          status: `Link Preference set to ${to === 'me' ? 'ME' : 'HOST'}`,
          linkPreference: Number(body.linkPreference),
          timeout: timeoutS,
          instanceID: port.instanceID,
          wifiPort: {
            InstanceID: port.instanceID,
            ElementName: port.elementName,
            PhysicalConnectionType: String(wireless.PhysicalConnectionType ?? ''),
            MACAddress: port.macAddress,
            LinkIsUp: port.linkIsUp,
          },
          ReturnValue: returnValue,
          ReturnValueStr,
        },
        note: { to, timeoutS },
      }
    },
  })
}
