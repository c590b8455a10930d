// SPDX-License-Identifier: Apache-2.0
/** The network ports of the firmware, wired and wireless. */
import { Stack, Text } from '@mantine/core'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { plainText, useFirmware } from './firmware.ts'
import { Facts, Part, PlainTable } from './part.tsx'
import type { PartOf } from './tab.tsx'

type Port = {
  readonly macAddress?: string
  readonly linkIsUp?: boolean
  readonly linkPolicy?: readonly string[]
  readonly dhcpEnabled?: boolean
  readonly ipAddress?: string
  readonly subnetMask?: string
  readonly defaultGateway?: string
  readonly primaryDNS?: string
  readonly secondaryDNS?: string
  readonly ieee8021x?: { readonly enabled?: string }
  readonly wifiNetworks?: readonly {
    readonly elementName?: string
    readonly ssid?: string
    readonly authenticationMethod?: string
    readonly encryptionMethod?: string
    readonly priority?: number
  }[]
}
type Settings = { readonly wired?: Port | null; readonly wireless?: Port | null }

export default function NetworkPart({ machine }: PartOf) {
  const query = useFirmware<Settings>(machine, 'amt/networkSettings')
  return (
    <div className="mu-oob-grid">
      <Part title={t.network.wired} onAgain={() => void query.refetch()}>
        <QueryView query={query}>{({ wired }) => <PortFacts port={wired} />}</QueryView>
      </Part>
      <Part title={t.network.wireless}>
        <QueryView query={query}>{({ wireless }) => <Wireless port={wireless} />}</QueryView>
      </Part>
    </div>
  )
}

function hasPort(port: Port | null | undefined): port is Port {
  return port !== null && port !== undefined && plainText(port.macAddress) !== ''
}

function PortFacts({ port }: { readonly port: Port | null | undefined }) {
  if (!hasPort(port)) return <Text c="dimmed">{t.network.none}</Text>
  const { linkIsUp, macAddress, ipAddress, subnetMask, defaultGateway, primaryDNS, secondaryDNS } = port
  return (
    <Facts
      rows={[
        [t.network.link, linkIsUp === true ? t.network.up : t.network.down],
        [t.network.mac, macAddress],
        [t.network.address, [ipAddress, subnetMask].filter(each => each !== undefined && each !== '').join(' / ')],
        [t.network.gateway, defaultGateway],
        [t.network.dns, [primaryDNS, secondaryDNS].filter(each => each !== undefined && each !== '').join(', ')],
        [t.network.dhcp, port.dhcpEnabled === true ? t.network.yes : t.network.no],
        [t.network.ieee8021x, port.ieee8021x?.enabled],
        [t.network.policy, port.linkPolicy?.join(', ')],
      ]}
    />
  )
}

function Wireless({ port }: { readonly port: Port | null | undefined }) {
  if (!hasPort(port)) return <Text c="dimmed">{t.network.none}</Text>
  return (
    <Stack gap="sm">
      <PortFacts port={port} />
      <PlainTable
        label={t.network.profiles}
        empty={t.network.noProfiles}
        head={[t.network.profiles, t.network.ssid, t.network.protection, t.network.priority]}
        rows={(port.wifiNetworks ?? []).map(each => [
          plainText(each.elementName),
          plainText(each.ssid),
          [plainText(each.authenticationMethod), plainText(each.encryptionMethod)].join(' '),
          plainText(each.priority),
        ])}
      />
    </Stack>
  )
}
