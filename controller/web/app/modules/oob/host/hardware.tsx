// SPDX-License-Identifier: Apache-2.0
/** The hardware as the firmware knows it, also of a machine that is off. */
import { Code, Stack, Text } from '@mantine/core'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { type Bag, plainText, spokenBytes, useFirmware } from './firmware.ts'
import { Facts, Part } from './part.tsx'
import type { PartOf } from './tab.tsx'

const RAW_MOST = 20_000

export default function HardwarePart({ machine }: PartOf) {
  const hardware = useFirmware<Bag>(machine, 'amt/hardwareInfo')
  const disks = useFirmware<Bag>(machine, 'amt/diskInfo')
  return (
    <div className="mu-oob-grid">
      <Part title={t.hardware.title} onAgain={() => void hardware.refetch()}>
        <QueryView query={hardware}>{answer => <Machine answer={answer} />}</QueryView>
      </Part>
      <Part title={t.hardware.disks} onAgain={() => void disks.refetch()}>
        <QueryView query={disks}>{answer => <Disks answer={answer} />}</QueryView>
      </Part>
    </div>
  )
}

/** One thing is told as `response`, several as `responses`. */
function rowsOf(value: unknown): readonly Bag[] {
  if (typeof value !== 'object' || value === null) return []
  const { response, responses } = value as Bag // an object, looked at member by member
  const many = Array.isArray(responses) ? responses : response === undefined ? [] : [response]
  return many.filter((each): each is Bag => typeof each === 'object' && each !== null)
}

function joined(row: Bag | undefined, ...names: readonly string[]): string {
  return names
    .map(name => plainText(row?.[name]))
    .filter(text => text !== '')
    .join(' ')
}

function Machine({ answer }: { readonly answer: Bag }) {
  const [chassis] = rowsOf(answer.CIM_Chassis)
  const [board] = rowsOf(answer.CIM_Card)
  const [bios] = rowsOf(answer.CIM_BIOSElement)
  const processors = rowsOf(answer.CIM_Chip).filter(({ Capacity }) => Capacity === undefined)
  const memory = rowsOf(answer.CIM_PhysicalMemory)
  return (
    <Stack gap="sm">
      <Facts
        rows={[
          [t.hardware.machine, joined(chassis, 'Manufacturer', 'Model', 'Version')],
          [t.hardware.serial, joined(chassis, 'SerialNumber')],
          [t.hardware.board, joined(board, 'Manufacturer', 'Model', 'Version')],
          [t.hardware.bios, joined(bios, 'Manufacturer', 'Version')],
          [t.hardware.processor, processors.map(chip => joined(chip, 'Version')).join(', ')],
          [t.hardware.memory, memory.map(memoryOf).join(', ')],
        ]}
      />
      <details>
        <summary>{t.hardware.raw}</summary>
        <Code block className="mu-scrolls">
          {JSON.stringify(answer, null, 2).slice(0, RAW_MOST)}
        </Code>
      </details>
    </Stack>
  )
}

function memoryOf(bank: Bag): string {
  const size = Number(bank.Capacity)
  return `${joined(bank, 'BankLabel')} ${Number.isFinite(size) ? spokenBytes(size) : ''}`.trim()
}

/** Of a medium, in thousands of bytes. */
const KILO = 1_000

function Disks({ answer }: { readonly answer: Bag }) {
  const media = rowsOf(answer.CIM_MediaAccessDevice)
  const packages = rowsOf(answer.CIM_PhysicalPackage)
  if (media.length === 0 && packages.length === 0) return <Text c="dimmed">{t.hardware.none}</Text>
  return (
    <ul className="mu-lines">
      {media.map(each => (
        <li key={plainText(each.DeviceID)}>
          {t.hardware.disk(plainText(each.DeviceID), spokenBytes(Number(each.MaxMediaSize) * KILO || 0))}
        </li>
      ))}
      {packages
        .filter(({ Model, SerialNumber }) => Model !== undefined || SerialNumber !== undefined)
        .map(each => (
          <li key={`${plainText(each.Tag)} ${plainText(each.SerialNumber)}`}>
            {joined(each, 'Manufacturer', 'Model', 'SerialNumber')}
          </li>
        ))}
    </ul>
  )
}
