// SPDX-License-Identifier: Apache-2.0
/** Looks whether a kit is what was published: signed index, list, packages; nothing of the kit is run. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Disk } from '../system/disk.ts'
import { KIT } from './kit.ts'
import { problem } from './problems.ts'
import { readPackages } from './select.ts'

export type Verified = { readonly packages: readonly string[]; readonly url: string; readonly hasToken: boolean }

type Looking = { readonly disk: Disk; readonly kit: string; readonly keys: readonly string[]; readonly work: string }

/**
 * Looks at a kit, packed or unpacked, with the fingerprints that are believed. Throws `kit-unsound` for the first thing
 * that is not signed by one of them, and for a program that is missing.
 */
export async function verifyKit(disk: Disk, path: string, keys: readonly string[]): Promise<Verified> {
  return disk.aside(async work => {
    const kit = (await disk.exists(join(path, 'kit.env'))) ? path : await unpack(disk, path, work)
    const looking = { disk, kit, keys, work }
    const known = (await disk.read(join(kit, 'kit.env')))?.toString() ?? ''
    const packages = [...(await verifyDebs(looking)), ...(await verifyRpms(looking))]
    if (packages.length === 0) throw problem('kit-unsound', 'there is no package in it')
    const url = /^MUSTER_URL='([^']*)'$/m.exec(known)?.[1] ?? ''
    return { packages, url, hasToken: await disk.exists(join(kit, 'join-token')) }
  })
}

async function unpack(disk: Disk, path: string, work: string): Promise<string> {
  const { code, stderr } = await disk.run('tar', [
    '-x',
    '--no-same-owner',
    '--no-same-permissions',
    '-f',
    path,
    '-C',
    work,
  ])
  if (code !== 0) throw problem('kit-unsound', `tar cannot read it: ${stderr.trim().slice(0, 200)}`)
  return join(work, KIT)
}

async function verifyDebs({ disk, kit, keys, work }: Looking): Promise<readonly string[]> {
  const files = await disk.list(join(kit, 'deb'))
  if (files.length === 0) return []
  const [keyring, release] = [join(kit, 'keys/muster-archive-keyring.gpg'), join(work, 'Release')]
  const args = ['--status-fd', '1', '--keyring', keyring, '--output', release, join(kit, 'deb/InRelease')]
  const { code, stdout, stderr } = await disk.run('gpgv', args)
  if (code === 127) throw problem('kit-unsound', 'gpgv is missing: apt-get install gpgv')
  const signers = [...stdout.matchAll(/^\[GNUPG:\] VALIDSIG (\S+)(?: \S+){8} (\S+)$/gm)].flatMap(([, key, main]) => [
    key,
    main,
  ])
  if (code !== 0) throw problem('kit-unsound', `the signature of the index: ${stderr.trim().split('\n').at(-1)}`)
  if (!signers.some(signer => keys.includes(signer ?? '')))
    throw problem('kit-unsound', 'the index is signed by another key')
  const signed = (await disk.read(release))?.toString() ?? ''
  const offers = new Set<string>()
  for (const list of files.filter(name => name.startsWith('Packages.'))) {
    const text = (await disk.read(join(kit, 'deb', list))) ?? Buffer.alloc(0)
    const line = ` ${sha256(text)} ${String(text.length).padStart(10)} main/binary-${list.slice('Packages.'.length)}/Packages`
    if (!signed.split('\n').includes(line)) throw problem('kit-unsound', `deb/${list} is not the one that was signed`)
    for (const { path, sha256: digest } of readPackages(text.toString()))
      offers.add(`${path.split('/').at(-1)} ${digest}`)
  }
  const debs = files.filter(name => name.endsWith('.deb'))
  for (const name of debs) {
    const digest = await sha256Of(disk.stream(join(kit, 'deb', name)))
    if (!offers.has(`${name} ${digest}`)) throw problem('kit-unsound', `deb/${name} is not what was published`)
  }
  return debs
}

async function verifyRpms({ disk, kit, keys, work }: Looking): Promise<readonly string[]> {
  const rpms = (await disk.list(join(kit, 'rpm'))).filter(name => name.endsWith('.rpm'))
  if (rpms.length === 0) return []
  const [key, db] = [join(kit, 'keys/muster-rpm.asc'), join(work, 'db')]
  const shown = await disk.run('gpg', ['--homedir', work, '--batch', '--with-colons', '--show-keys', key])
  const prints = [...shown.stdout.matchAll(/^pub:.*\nfpr:(?:[^:]*:){8}([0-9A-F]+):/gm)].map(([, print = '']) => print)
  if (prints.length !== 1 || !keys.includes(prints[0] ?? ''))
    throw problem('kit-unsound', 'the key for rpm is another one')
  const imported = await disk.run('rpmkeys', ['--dbpath', db, '--import', key])
  if (imported.code === 127) throw problem('kit-unsound', 'rpmkeys is missing: apt-get install rpm')
  for (const name of rpms) {
    const file = join(kit, 'rpm', name)
    const { stdout } = await disk.run('rpmkeys', [
      '--dbpath',
      db,
      '--define',
      '_pkgverify_level all',
      '--checksig',
      file,
    ])
    if (!stdout.trim().endsWith('signatures OK')) throw problem('kit-unsound', `rpm/${name} is not signed by that key`)
  }
  return rpms
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

async function sha256Of(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of parts) hash.update(part)
  return hash.digest('hex')
}
