// SPDX-License-Identifier: Apache-2.0
/** Puts the fields of `rpc amtinfo` into the section's words; what is missing or makes no sense stays out. */
import type { AmtAdapter, ControlMode, Firmware, RemoteAccess } from './contract.ts'
import type { Fields } from './fields.ts'

/** Reads the firmware's facts; `undefined` when the fields state none of them. */
export function firmwareOf(fields: Fields): Firmware | undefined {
  const firmware = {
    version: versionOf(fields.get('amt')),
    build: text(fields.get('buildnumber')),
    skuCode: skuCodeOf(fields.get('sku')),
    features: featuresOf(fields.get('features')),
    uuid: uuidOf(fields.get('uuid')),
    provisioningState: provisioningStateOf(fields.get('provisioningstate')),
    enabled: choice(fields.get('operationalstate'), { enabled: true, disabled: false }),
    dnsSuffix: text(fields.get('dnssuffix')),
    ras: remoteAccessOf(fields),
    wired: adapterOf(fields, 'wired'),
    wireless: adapterOf(fields, 'wireless'),
    certificateHashes: countOf(fields.get('certificatehashes')),
  }
  const stated = present(firmware)
  if (Object.keys(stated).length === 0) return undefined
  const dnsSuffixOs = text(fields.get('dnssuffixos'))
  return { ...stated, ...present({ dnsSuffixOs }), controlMode: controlModeOf(fields.get('controlmode')) }
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

function present<T extends object>(members: T): Present<T> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as Present<T> // what could be undefined has just been removed
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]+/g

function text(value: string | undefined): string | undefined {
  const short = value?.toWellFormed().replace(UNPRINTABLE, ' ').trim().slice(0, 256).toWellFormed()
  return short === '' ? undefined : short
}

function choice<T>(value: string | undefined, among: Readonly<Record<string, T>>): T | undefined {
  const key = value?.trim().toLowerCase() ?? ''
  return Object.hasOwn(among, key) ? among[key] : undefined
}

function versionOf(value: string | undefined): string | undefined {
  const version = text(value)
  return version !== undefined && /^\d{1,3}(\.\d{1,6}){1,4}$/.test(version) ? version : undefined
}

function skuCodeOf(value: string | undefined): string | undefined {
  const code = text(value)
  return code !== undefined && /^(0x[0-9a-fA-F]{1,8}|\d{1,10})$/.test(code) ? String(Number(code)) : undefined
}

// With nothing to decode rpc writes "Invalid AMT version format" here, which names AMT and means the opposite.
function featuresOf(value: string | undefined): string | undefined {
  const features = text(value)
  return features === undefined || /^(invalid|unknown)\b/i.test(features) ? undefined : features
}

function uuidOf(value: string | undefined): string | undefined {
  const uuid = text(value)?.toLowerCase()
  if (uuid === undefined || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return undefined
  return /^[0-]+$/.test(uuid) ? undefined : uuid
}

function controlModeOf(value: string | undefined): ControlMode {
  const words = value?.toLowerCase() ?? ''
  if (words.includes('admin')) return 'acm'
  if (words.includes('client')) return 'ccm'
  return words.includes('pre-provisioning') || words.includes('not activated') ? 'none' : 'unknown'
}

function provisioningStateOf(value: string | undefined): 'pre' | 'in' | 'post' | undefined {
  return choice(value, { 'pre-provisioning': 'pre', 'in provisioning': 'in', 'post-provisioning': 'post' } as const)
}

function countOf(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}

function remoteAccessOf(fields: Fields): RemoteAccess | undefined {
  const network = fields.get('ras.networkstatus')?.toLowerCase()
  const remote = fields.get('ras.remotestatus')
  if (network === undefined && remote === undefined) return undefined
  const port = countOf(fields.get('ras.mpsport'))
  return {
    network: NETWORKS.find(([word]) => network?.startsWith(word))?.[1] ?? 'unknown',
    remote:
      choice(remote, { 'not connected': 'not-connected', connecting: 'connecting', connected: 'connected' } as const) ??
      'unknown',
    trigger:
      choice(fields.get('ras.remotetrigger'), {
        'user initiated': 'user',
        alert: 'alert',
        periodic: 'periodic',
        provisioning: 'provisioning',
      } as const) ?? 'unknown',
    ...present({
      mpsHostname: text(fields.get('ras.mpshostname')),
      mpsPort: port !== undefined && port > 0 && port < 65_536 ? port : undefined,
    }),
  }
}

// The third generation adds what it means: "direct (LAN)", "outside enterprise (CIRA)".
const NETWORKS = [
  ['direct', 'direct'],
  ['vpn', 'vpn'],
  ['outside', 'outside'],
] as const

// An adapter that is not there is reported with a MAC address of zeros.
function adapterOf(fields: Fields, which: 'wired' | 'wireless'): AmtAdapter | undefined {
  const of = (name: string): string | undefined => fields.get(`${which}.${name}`)
  const macAddress = text(of('macaddress'))?.toLowerCase()
  if (macAddress === undefined || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(macAddress)) return undefined
  if (macAddress === '00:00:00:00:00:00') return undefined
  return {
    ...present({
      enabled: choice(of('isenable') ?? of('isenabled'), { true: true, false: false }),
      linkUp: choice(of('linkstatus'), { up: true, down: false }),
      dhcpEnabled: choice(of('dhcpenabled'), { true: true, false: false }),
      dhcpMode: choice(of('dhcpmode'), { active: 'active', passive: 'passive' } as const),
      ipAddress: addressOf(of('ipaddress')),
      osIpAddress: addressOf(of('osipaddress')),
    }),
    macAddress,
  }
}

function addressOf(value: string | undefined): string | undefined {
  const address = text(value)
  return address === undefined || address === '0.0.0.0' || !/^[0-9a-fA-F.:]{2,45}$/.test(address) ? undefined : address
}
