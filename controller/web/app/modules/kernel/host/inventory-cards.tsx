// SPDX-License-Identifier: Apache-2.0
/** What a host is made of, for people: a card for each kind of part. */
import { Card, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { LiveAge } from '../../../kit/live-age.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/host.ts'
import { binaryBytes, decimalBytes, type Loose, listOf, membersOf, textOf } from './facts.ts'

export function InventoryCards({ host }: { readonly host: Loose }) {
  return (
    <div className="mu-host-cards">
      <Processor host={host} />
      <Memory host={host} />
      <System host={host} />
      <Firmware host={host} />
      <Things title={t.inventory.disks} things={listOf(host.hostStorages)} line={disk} />
      <Things title={t.inventory.nics} things={listOf(host.hostNics)} line={nic} />
      <Things title={t.inventory.gpus} things={listOf(host.hostGpus)} line={gpu} />
      <Things title={t.inventory.usb} things={listOf(host.hostUsbs)} line={usb} />
    </div>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </Card>
  )
}

type Row = readonly [name: string, value: ReactNode]

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  const told = rows.filter(([, value]) => value !== undefined)
  if (told.length === 0) return <None />
  return (
    <dl className="mu-facts">
      {told.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function None() {
  return (
    <Text size="sm" c="dimmed">
      {t.inventory.none}
    </Text>
  )
}

function Processor({ host }: { readonly host: Loose }) {
  const flags = textOf(host.cpuCapabilities)
  return (
    <Part title={t.inventory.processor}>
      <Rows
        rows={[
          [t.inventory.model, textOf(host.cpuModel)],
          [t.inventory.architecture, textOf(host.cpuArchitecture)],
          [t.inventory.sockets, textOf(host.cpuSockets)],
          [t.inventory.cores, textOf(host.cpuCores)],
          [t.inventory.threads, textOf(host.cpuThreads)],
          [
            t.inventory.capabilities,
            flags && (
              <details>
                <summary>{t.inventory.capabilityCount(flags.split(/\s+/).length)}</summary>
                {flags}
              </details>
            ),
          ],
        ]}
      />
    </Part>
  )
}

function Memory({ host }: { readonly host: Loose }) {
  const size = binaryBytes(host.memoryBytes)
  const exact = Number(host.memoryBytes)
  return (
    <Part title={t.inventory.memory}>
      <Rows rows={[[t.inventory.available, size && `${size} (${t.inventory.bytes(exact)})`]]} />
    </Part>
  )
}

function System({ host }: { readonly host: Loose }) {
  const os = membersOf(host.operatingSystem)
  const booted = textOf(os.bootedAt)
  return (
    <Part title={t.inventory.system}>
      <Rows
        rows={[
          [t.inventory.system, textOf(os.name)],
          [t.inventory.version, textOf(os.version)],
          [t.inventory.kernel, textOf(os.kernel)],
          [t.inventory.packages, typeof os.packages === 'number' ? number(os.packages) : undefined],
          [t.inventory.booted, booted && <LiveAge at={booted} ago />],
        ]}
      />
    </Part>
  )
}

function Firmware({ host }: { readonly host: Loose }) {
  return (
    <Part title={t.inventory.firmware}>
      <Rows
        rows={[
          [t.inventory.vendor, textOf(host.biosVendor)],
          [t.inventory.version, textOf(host.biosVersion)],
          [t.inventory.released, textOf(host.biosReleaseDate)],
          [t.inventory.amt, amt(host)],
        ]}
      />
    </Part>
  )
}

/** `AMT_SKU_AMT` reads `AMT`. */
function amt(host: Loose): string | undefined {
  const sku = textOf(host.amtSku)?.replace(/^AMT_SKU_/, '')
  const state = textOf(host.currentAmtState)
    ?.replace(/^AMT_STATE_/, '')
    .toLowerCase()
  if (sku === undefined || sku === 'UNSPECIFIED') return undefined
  return [sku, state === 'unspecified' ? undefined : state].filter(part => part !== undefined).join(', ')
}

type Line = { readonly name: string | undefined; readonly more: readonly (string | undefined)[] }
type ThingsProps = {
  readonly title: string
  readonly things: readonly Loose[]
  readonly line: (thing: Loose) => Line
}

function Things({ title, things, line }: ThingsProps) {
  return (
    <Part title={title}>
      {things.length === 0 ? (
        <None />
      ) : (
        <ul className="mu-things">
          {things.map((thing, at) => {
            const { name, more } = line(thing)
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts may be alike in everything they tell
              <li key={`${name} ${at}`}>
                <strong>{name}</strong>{' '}
                <span>{more.filter(part => part !== undefined && part !== '').join(' · ')}</span>
              </li>
            )
          })}
        </ul>
      )}
    </Part>
  )
}

function disk(thing: Loose): Line {
  const { deviceName, model, vendor, serial, capacityBytes } = thing
  return {
    name: textOf(deviceName),
    more: [decimalBytes(capacityBytes), textOf(vendor), textOf(model), textOf(serial)],
  }
}

function nic(thing: Loose): Line {
  const state = textOf(membersOf(thing.linkState).type)
  const addresses = listOf(thing.ipaddresses).map(({ address }) => textOf(address))
  const isUp = state?.endsWith('_UP')
  return {
    name: textOf(thing.deviceName),
    more: [
      isUp === undefined ? undefined : isUp ? t.inventory.up : t.inventory.down,
      textOf(thing.macAddr),
      ...addresses,
    ],
  }
}

function gpu(thing: Loose): Line {
  return { name: textOf(thing.deviceName) ?? textOf(thing.pciId), more: [textOf(thing.vendor), textOf(thing.product)] }
}

function usb(thing: Loose): Line {
  const { deviceName, idVendor, idProduct, vendor, product, serial } = thing
  const ids = [textOf(idVendor), textOf(idProduct)].filter(part => part !== undefined).join(':')
  return {
    name: textOf(deviceName),
    more: [textOf(vendor), textOf(product), textOf(thing.class), ids, textOf(serial)],
  }
}
