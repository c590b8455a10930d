// SPDX-License-Identifier: Apache-2.0
/** Many light hosts of one controller process, in one project or several. */
import { enrollLight, type LightHost, type LightOptions, lightHost } from './light-host.ts'
import type { ControllerProcess } from './process.ts'

type FleetOptions = Omit<LightOptions, 'port'> & {
  readonly count: number
  /** Each gets an equal share of the hosts. */
  readonly projects?: readonly string[]
}

/** Enrolls them, eight at once; none is connected yet. */
export async function lightFleet(
  controller: ControllerProcess,
  { count, projects = ['default'], ...options }: FleetOptions,
): Promise<readonly LightHost[]> {
  const tokens = new Map<string, string>()
  for (const project of projects) {
    await controller.call('PUT', `/v1/projects/${project}`, {})
    const { body } = await controller.call('POST', `/v1/projects/${project}/enrollment/tokens`, { uses: count })
    tokens.set(project, body.token)
  }
  return abreast(
    8,
    Array.from({ length: count }, (_, index) => index),
    async index => {
      const project = projects[index % projects.length] ?? ''
      const facts = { uuid: `4c4c4544-0000-1000-8000-${String(index).padStart(12, '0')}`, hostname: `light-${index}` }
      const identity = await enrollLight(controller.secureUrl, tokens.get(project) ?? '', facts)
      return lightHost(identity, { ...options, port: () => controller.busPort })
    },
  )
}

/** So many at a time, in order; the answers in the order of what was given. */
export async function abreast<T, R>(most: number, given: readonly T[], act: (each: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  let next = 0
  const one = async (): Promise<void> => {
    while (next < given.length) {
      const at = next++
      answers[at] = await act(given[at] as T)
    }
  }
  await Promise.all(Array.from({ length: most }, one))
  return answers
}

/** What a host of middling size says of its hardware, about 4 KB. */
export function hardwareOf(index: number, temperature = 0): object {
  const disk = (at: number) => ({
    deviceName: `nvme${at}n1`,
    model: 'KIOXIA KXG80ZNV1T02',
    serial: `SN${index}-${at}`,
    capacityBytes: 1_024_209_543_168,
    rotational: false,
    removable: false,
    transport: 'nvme',
  })
  const nic = (at: number) => ({
    deviceName: `enp${at}s0`,
    macAddr: `52:54:00:${[index >> 8, index & 255, at].map(byte => (byte & 255).toString(16).padStart(2, '0')).join(':')}`,
    mtu: 1_500,
    linkState: 'up',
    speedMbps: 1_000,
    driver: 'igc',
    pciIdentifier: `0000:0${at}:00.0`,
    virtual: false,
    addresses: [
      { family: 'inet', address: `10.${at}.${(index >> 8) & 255}.${index & 255}`, prefix: 16, scope: 'global' },
    ],
  })
  return {
    system: {
      uuid: `4c4c4544-0000-1000-8000-${String(index).padStart(12, '0')}`,
      vendor: 'ACME',
      productName: 'Box 3000',
    },
    board: { vendor: 'ACME', name: 'B1' },
    chassis: { type: 'Desktop' },
    bios: { vendor: 'ACME', version: `1.${temperature}`, releaseDate: '02/03/2024' },
    cpu: {
      model: 'Intel(R) Core(TM) Ultra 7 155H',
      vendor: 'GenuineIntel',
      architecture: 'x86_64',
      ...{ sockets: 1, cores: 16, threads: 22, maxMhz: 4_800 },
      capabilities: Array.from({ length: 120 }, (_, at) => `flag_${at}`),
    },
    memory: { totalBytes: 33_285_996_544, swapBytes: 0, slots: 2, modules: [] },
    disks: [disk(0), disk(1)],
    nics: [nic(1), nic(2), nic(3)],
    ...{ usb: [], gpus: [], npus: [] },
  }
}

export const osOf = (index: number): object => ({
  hostname: `light-${index}`,
  release: { id: 'debian', name: 'Debian GNU/Linux', prettyName: 'Debian GNU/Linux 12 (bookworm)', version: '12' },
  kernel: { release: '6.1.0-18-amd64', architecture: 'x86_64' },
  packages: { manager: 'dpkg', count: 1_234 },
})
