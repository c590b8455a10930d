// SPDX-License-Identifier: Apache-2.0
/** Reads what rpc prints for people, where it printed no JSON. */
import { letters, TELLING } from './names.ts'

// Labels of the text output. Where they stand below a heading they lose its name in the third generation.
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    version: 'amt',
    buildnumber: 'buildnumber',
    sku: 'sku',
    features: 'features',
    uuid: 'uuid',
    controlmode: 'controlmode',
    provisioningstate: 'provisioningstate',
    operationalstate: 'operationalstate',
    amtoperationalstatebios: 'operationalstate',
    dnssuffix: 'dnssuffix',
    dnssuffixos: 'dnssuffixos',
    rasnetwork: 'ras.networkstatus',
    rasremotestatus: 'ras.remotestatus',
    rastrigger: 'ras.remotetrigger',
    rasmpshostname: 'ras.mpshostname',
  }),
)
const RAS_LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    network: 'ras.networkstatus',
    remotestatus: 'ras.remotestatus',
    trigger: 'ras.remotetrigger',
    mpshostname: 'ras.mpshostname',
    mpsport: 'ras.mpsport',
  }),
)
const ADAPTER_LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    dhcpenabled: 'dhcpenabled',
    dhcpmode: 'dhcpmode',
    linkstatus: 'linkstatus',
    ipaddress: 'ipaddress',
    amtipaddress: 'ipaddress',
    osipaddress: 'osipaddress',
    macaddress: 'macaddress',
  }),
)
const HEADINGS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    wiredadapter: 'wired',
    wirelessadapter: 'wireless',
    remoteaccess: 'ras',
    amtdeviceinformation: '',
    intelupid: 'other',
    certificatehashes: 'certificates',
    publickeycerts: 'other',
    publickeycertificates: 'other',
  }),
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what begins a color
const COLORS = /\u001b\[[0-9;]{0,32}m/g
/** `Label\t\t: value` of the second generation, and `  Label      value` in columns of the third. */
const LINES = [
  /^[ \t]{0,8}([A-Za-z][A-Za-z ()]{1,40}?)[ \t]*:[ \t]*(.*)$/,
  /^[ \t]{0,8}([A-Za-z][A-Za-z ()]{1,40}?)[ \t]{2,}(.*)$/,
]
const HASH = /^[ \t]*(?:[└├─ \t]*)(?:MD5|SHA-?\d{1,3}): [0-9a-fA-F]{16,}[ \t]*$/

/** The fields of what rpc prints for people; empty when it is not that. */
export function readText(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  let heading = ''
  let hashes = 0
  for (const line of text.replace(COLORS, '').split('\n').slice(0, 2_000)) {
    heading = HEADINGS.get(letters(line)) ?? heading
    if (heading === 'certificates' && HASH.test(line)) hashes++
    for (const pattern of LINES) {
      const [, label = '', value = ''] = pattern.exec(line.slice(0, 1_000)) ?? []
      const key = keyOf(letters(label), heading)
      if (key !== undefined && !fields.has(key)) fields.set(key, value.trim())
    }
  }
  if (!TELLING.some(key => fields.has(key))) return new Map()
  if (heading === 'certificates' || hashes > 0) fields.set('certificatehashes', String(hashes))
  return fields
}

function keyOf(label: string, heading: string): string | undefined {
  if (heading === 'wired' || heading === 'wireless') {
    const key = ADAPTER_LABELS.get(label)
    return key === undefined ? undefined : `${heading}.${key}`
  }
  if (heading === 'ras') return RAS_LABELS.get(label)
  return heading === '' ? LABELS.get(label) : undefined
}
