// SPDX-License-Identifier: Apache-2.0
/** Installs packages and puts files, as far as the owner of the machine grants it and a signed message says the same. */
import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { MINUTE, SECOND } from '../../../plugins/contract/index.ts'
import { narrowFiles } from '../../hosting/permissions.ts'
import { type Act, absent, type Bench } from '../act.ts'
import type { InputOf } from '../inputs.ts'
import { orderedIn } from '../orders.ts'
import { problem } from '../problems.ts'
import { nameOrdered } from './system.ts'

const INSTALL_MS = 10 * MINUTE
const PUT_MS = 10 * SECOND
const ETC_HOSTNAME = '/etc/hostname'

/** An order reads `{ package, version? }`; the version is the exact one. */
export const installPackage: Act<'package.install'> = {
  title: 'Install a package from the repositories this machine trusts',
  authority: 'signed',
  withinMs: INSTALL_MS + 15 * SECOND,
  alone: 'packages',
  async perform(input, bench) {
    const manager = await managerOf(bench)
    if (manager === undefined) return absent('apt-get and no dnf')
    const grants = bench.grants
      .filter(each => each.act === 'package.install')
      .filter(each => each.packages.some(name => covers(name, input.package)))
    await orderedIn(bench, {
      verb: 'package.install',
      grants,
      says: order => order.package === input.package && order.version === input.version,
      what: `package ${input.package}`,
    })
    const line = manager === 'apt-get' ? aptLine(input) : dnfLine(input)
    const env = manager === 'apt-get' ? { DEBIAN_FRONTEND: 'noninteractive' } : {}
    return bench.programs.run(manager, line, { signal: bench.signal, timeoutMs: INSTALL_MS, env, outside: true })
  },
}

async function managerOf({ programs }: Bench): Promise<'apt-get' | 'dnf' | undefined> {
  for (const name of ['apt-get', 'dnf'] as const) if ((await programs.find(name)) !== undefined) return name
  return undefined
}

// What an administrator changed in a conffile stays, and what is not signed is not installed.
function aptLine({ package: name, version }: InputOf<'package.install'>): readonly string[] {
  const keep = ['-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold']
  const wanted = version === undefined ? name : `${name}=${version}`
  return ['install', '--yes', '--quiet', '--no-install-recommends', ...keep, '--', wanted]
}

function dnfLine({ package: name, version }: InputOf<'package.install'>): readonly string[] {
  return ['install', '--assumeyes', '--quiet', '--', version === undefined ? name : `${name}-${version}`]
}

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

/** An order reads `{ path, content | sha256, mode? }`: the text itself, or the SHA-256 of the bytes in hexadecimal. */
export const putFile: Act<'file.put'> = {
  title: 'Put a file below a granted folder',
  authority: 'signed',
  withinMs: PUT_MS,
  alone: 'files',
  async perform(input, bench) {
    const content = Buffer.from(input.base64, 'base64')
    const mode = input.mode ?? 0o644
    if (input.path === ETC_HOSTNAME) return putHostname(bench, content.toString('utf8'))
    // Set-user-id and the like are beyond the schema; a file that others may write would give the grant away.
    if ((mode & 0o022) !== 0) throw problem('not-granted', 'files that others may write are not put')
    const grants = bench.grants
      .filter(each => each.act === 'file.put')
      .filter(each => each.roots.some(root => input.path.startsWith(`${root}/`)))
    await orderedIn(bench, {
      verb: 'file.put',
      grants,
      says: order =>
        order.path === input.path &&
        (order.mode === undefined ? mode === 0o644 : order.mode === mode) &&
        (order.content === undefined ? order.sha256 === sha256(content) : sameText(order.content, content)),
      what: posix.dirname(input.path),
    })
    // Symbolic links below a root are followed here, and may not lead out of the roots.
    const files = narrowFiles(bench.files, { write: grants.flatMap(grant => grant.roots) })
    await files.replace(input.path, content, mode)
    return {}
  },
}

async function putHostname(bench: Bench, text: string): Promise<Record<string, never>> {
  const name = await nameOrdered(bench)
  if (name === undefined || text !== `${name}\n`)
    throw problem('not-authorized', 'the desired document has another name')
  await bench.files.replace(ETC_HOSTNAME, text, 0o644)
  return {}
}

function sameText(content: unknown, bytes: Buffer): boolean {
  return typeof content === 'string' && Buffer.from(content, 'utf8').equals(bytes)
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
