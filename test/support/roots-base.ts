// SPDX-License-Identifier: Apache-2.0
/** The root file system that tests of packages start from: Debian 12 as small as it boots, made once and kept. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isShort } from './short.ts'
import { missingTools } from './tools.ts'

const INCLUDED = ['ca-certificates', 'dbus', 'openssl', 'systemd', 'systemd-sysv', 'udev']
const TOOLS = ['ip', 'mmdebstrap', 'nsenter', 'setpriv', 'systemd-nspawn', 'unshare'] as const
/** What nobody reads in a test takes a third of the time to unpack. */
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*']
const OPTIONS = [
  '--variant=minbase',
  `--include=${INCLUDED.join(',')}`,
  ...LEFT_OUT.map(path => `--dpkgopt=path-exclude=${path}`),
  // Every package brings its terms; lintian and Debian insist, and so do we.
  '--dpkgopt=path-include=/usr/share/doc/*/copyright',
  '--dpkgopt=force-unsafe-io',
  '--aptopt=Acquire::Languages "none"',
  '--aptopt=Acquire::http::Timeout "20"',
]

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/roots')

/** Why there can be no root file system here; `undefined` when there can. Makes the base when it is not there yet. */
export function whyNoRoots(): string | undefined {
  if (process.platform !== 'linux') return 'root file systems are for Linux'
  if (process.getuid?.() !== 0) return 'root file systems need root'
  const missing = missingTools(TOOLS)
  if (missing.length > 0)
    return `there is no ${missing.join(', ')} here: apt-get install mmdebstrap systemd-container iproute2 util-linux`
  if (spawnSync('unshare', ['-m', '-n', '-p', '-f', '--mount-proc', 'true']).status !== 0)
    return 'this machine lets nobody make namespaces'
  if (hierarchies().length === 0) return 'no hierarchy of control groups can be written here'
  return makeBase()
}

/** Where groups of processes are kept that systemd can be given: the unified hierarchy, systemd's own, or both. */
export function hierarchies(): readonly string[] {
  const found = ['/sys/fs/cgroup/systemd', '/sys/fs/cgroup/unified', '/sys/fs/cgroup']
  return found.filter(path => existsSync(join(path, 'cgroup.procs')))
}

/** The folder of the base; nobody writes to it. */
export function baseTree(): string {
  const key = createHash('sha256').update(OPTIONS.join('\n')).digest('hex').slice(0, 12)
  return join(CACHE, `bookworm-${key}`)
}

/** Two runs at once may both make it; the first to end wins, and both are good. */
function makeBase(): string | undefined {
  const tree = baseTree()
  if (existsSync(tree)) return undefined
  mkdirSync(CACHE, { recursive: true })
  const began = performance.now()
  const draft = `${tree}.${process.pid}`
  const made = spawnSync('mmdebstrap', [...OPTIONS, '--format=directory', 'bookworm', draft], {
    encoding: 'utf8',
    timeout: 200_000,
  })
  try {
    if (made.status !== 0) return `Debian cannot be had here: ${made.stderr.trim().split('\n').slice(-3).join(' · ')}`
    if (!existsSync(tree)) renameSync(draft, tree)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  forgetOthers(tree)
  process.stdout.write(`base of root file systems made in ${Math.round((performance.now() - began) / 1_000)} s\n`)
  return undefined
}

function forgetOthers(tree: string): void {
  for (const name of readdirSync(CACHE)) {
    if (/^bookworm-[0-9a-f]{12}$/.test(name) && join(CACHE, name) !== tree)
      rmSync(join(CACHE, name), { recursive: true, force: true })
  }
}

/** What makes a machine of the base: its names, and quiet. Paths of files with what stands in them. */
export function ownFiles(hostname: string, machineId: string): Readonly<Record<string, string>> {
  return {
    'etc/hostname': `${hostname}\n`,
    'etc/hosts': `127.0.0.1 localhost ${hostname} ctl.local\n::1 localhost\n`,
    'etc/machine-id': `${machineId}\n`,
    'etc/resolv.conf': '',
    'etc/apt/sources.list': '',
  }
}

/** Nobody reads a console here, and nothing but the test asks apt for anything. */
export const MASKED = ['apt-daily.timer', 'apt-daily-upgrade.timer', 'console-getty.service', 'getty@tty1.service']

/** The same for what CI has no time for: it must end within forty minutes. */
export function whyNoLongRoots(): string | undefined {
  if (isShort) return 'CI leaves it out unless MUSTER_LONG is set; `npm test` elsewhere runs it'
  return whyNoRoots()
}
