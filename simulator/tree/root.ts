// SPDX-License-Identifier: Apache-2.0
/** The rest of a simulated host's file tree: the folders of the installed operating system. */
import type { SimulatedFacts } from '../facts.ts'
import type { OsImage } from '../os-images.ts'
import { procFolder } from './proc.ts'
import type { TreeSource } from './source.ts'
import { sysFolder } from './sys.ts'
import { udevData } from './sys-disks.ts'
import { hasMei } from './sys-pci.ts'
import { type Folder, folder, symlink } from './tree.ts'

/** The root folder of a simulated host. */
export function rootFolder(source: TreeSource): Folder {
  const { facts } = source
  return {
    dev: folder(() => devFolder(facts)),
    etc: folder(() => etcFolder(facts)),
    proc: folder(() => ({ ...procFolder(source), self: folder({ mounts: symlink('../mounts') }) })),
    run: folder({ systemd: folder({ system: folder({}) }), udev: folder({ data: folder(() => udevData(facts)) }) }),
    sbin: symlink('usr/sbin'),
    sys: folder(() => sysFolder(source)),
    tmp: folder({}),
    usr: folder({
      lib: folder({ 'os-release': () => osRelease(facts.image) }),
      sbin: folder({ poweroff: '', reboot: '', shutdown: '' }),
      share: folder({
        misc: folder({ 'pci.ids': () => pciIds(facts) }),
        zoneinfo: folder({ Etc: folder({ UTC: 'TZif2' }) }),
      }),
    }),
    var: folder({
      lib: folder({ dpkg: folder({ status: () => dpkgStatus(facts.image) }) }),
      run: symlink('/run'),
    }),
  }
}

function etcFolder({ image, hostname, machineId, gateway }: SimulatedFacts): Folder {
  return {
    hostname: `${hostname}\n`,
    hosts: `127.0.0.1\tlocalhost\n127.0.1.1\t${hostname}\n`,
    localtime: symlink('/usr/share/zoneinfo/Etc/UTC'),
    'machine-id': `${machineId}\n`,
    'os-release': symlink('../usr/lib/os-release'),
    'resolv.conf': `nameserver ${gateway}\nsearch plant.example\n`,
    timezone: 'Etc/UTC\n',
    ...(image.id === 'debian' ? { debian_version: `${image.version}.0\n` } : {}),
  }
}

function osRelease({ id, name, version, codename, pretty }: OsImage): string {
  return [
    `PRETTY_NAME="${pretty}"`,
    `NAME="${name}"`,
    `VERSION_ID="${version}"`,
    `VERSION="${pretty.slice(name.length + 1)}"`,
    `VERSION_CODENAME=${codename}`,
    `ID=${id}`,
    ...(id === 'ubuntu' ? ['ID_LIKE=debian', `UBUNTU_CODENAME=${codename}`] : []),
    '',
  ].join('\n')
}

function dpkgStatus({ packages }: OsImage): string {
  return packages
    .map(([name, version]) =>
      [
        `Package: ${name}`,
        'Status: install ok installed',
        'Priority: optional',
        'Section: base',
        'Architecture: amd64',
        `Version: ${version}`,
        `Description: ${name} of a simulated host`,
        '',
        '',
      ].join('\n'),
    )
    .join('')
}

/** Only what this machine has, in the form of the real list. */
function pciIds({ model }: SimulatedFacts): string {
  const byVendor = new Map<string, Map<string, string>>()
  for (const { vendor, device, title } of [...model.gpus, ...model.npus, ...model.nics]) {
    const devices = byVendor.get(vendor) ?? new Map<string, string>()
    byVendor.set(vendor, devices.set(device, title))
  }
  const vendors = [...byVendor].map(([vendor, devices]) => {
    const name = vendor === '8086' ? 'Intel Corporation' : 'ASPEED Technology, Inc.'
    return `${vendor}  ${name}\n${[...devices].map(([device, title]) => `\t${device}  ${title}\n`).join('')}`
  })
  return vendors.join('')
}

/** Only the names count: nothing can be opened here. */
function devFolder(facts: SimulatedFacts): Folder {
  const names = [
    'null',
    'tpm0',
    'tpmrm0',
    ...facts.disks.map(({ name }) => name),
    ...(hasMei(facts) ? ['mei0'] : []),
    ...(facts.model.npus.length === 0 ? [] : ['accel0']),
  ]
  return Object.fromEntries(names.map(name => [name, '']))
}
