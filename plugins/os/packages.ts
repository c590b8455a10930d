// SPDX-License-Identifier: Apache-2.0
/** How many packages are installed, without a process where that is possible. */
import { Buffer } from 'node:buffer'
import { HOUR, type PluginHost } from '../contract/index.ts'
import type { OsObserved } from './contract.ts'

type Packages = OsObserved['packages']
export type PackageCounter = (signal: AbortSignal) => Promise<Packages>

const DPKG = '/var/lib/dpkg/status'
/** Where rpm has kept its database, newest first. */
const RPM = ['/usr/lib/sysimage/rpm', '/var/lib/rpm']

/** Creates a counter; rpm, which has to be run, is asked at most once an hour. */
export function packageCounter(host: PluginHost): PackageCounter {
  let rpm: { readonly askedAt: number; readonly count: number | undefined } | undefined

  return async signal => {
    const status = await host.files.read(DPKG).catch(() => undefined)
    if (status !== undefined) return { manager: 'dpkg', count: countDpkg(status) }
    if (!(await hasRpm(host))) return { manager: 'none' }
    if (rpm === undefined || host.now() - rpm.askedAt >= HOUR) {
      rpm = { askedAt: host.now(), count: await countRpm(host, signal) }
    }
    return { manager: 'rpm', ...(rpm.count === undefined ? {} : { count: rpm.count }) }
  }
}

async function hasRpm({ files }: PluginHost): Promise<boolean> {
  for (const folder of RPM) {
    const names = await files.list(folder).catch(() => [])
    if (names.some(name => name === 'Packages' || name.startsWith('rpmdb.sqlite') || name === 'Packages.db'))
      return true
  }
  return false
}

async function countRpm(host: PluginHost, signal: AbortSignal): Promise<number | undefined> {
  // One byte per package keeps the answer far below any limit on output.
  const { code, stdout } = await host.run('rpm', ['-qa', '--queryformat', '.'], { signal, timeoutMs: 30_000 })
  return code === 0 ? stdout.length : undefined
}

const STATUS = Buffer.from('\nStatus: ')
const LINE_FEED = 10
const SPACE = 32

/**
 * Counts the packages that dpkg's status file calls installed: the third word of `Status: install ok installed`. The
 * bytes are searched as they are, half a millisecond for a megabyte, which is less than telling whether they changed.
 */
export function countDpkg(status: Uint8Array): number {
  const bytes = Buffer.from(status.buffer, status.byteOffset, status.byteLength)
  let count = 0
  for (let at = bytes.indexOf(STATUS); at >= 0; at = bytes.indexOf(STATUS, at + STATUS.length)) {
    const from = at + STATUS.length
    const lineEnd = bytes.indexOf(LINE_FEED, from)
    const end = lineEnd < 0 ? bytes.length : lineEnd
    if (bytes.toString('latin1', bytes.lastIndexOf(SPACE, end - 1) + 1, end) === 'installed') count++
  }
  return count
}
