// SPDX-License-Identifier: Apache-2.0
/** A signed repository with small packages in it, made by the real tools, and machines that install from it. */

import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildRepository, type Repository } from '../../packaging/repository/build.ts'
import { type Keys, openKeys } from '../../packaging/repository/keys.ts'

export const REPOSITORY_TOOLS = [
  'gpg',
  'gpgv',
  'apt-ftparchive',
  'dpkg-deb',
  'createrepo_c',
  'rpmbuild',
  'rpmsign',
  'xz',
]

export interface Workshop {
  readonly dir: string
  readonly packages: string
  readonly out: string
  readonly keys: Keys
  deb(name: string, version: string, content?: string): string
  rpm(name: string, version: string, content?: string): string
  publish(more?: { readonly at?: Date; readonly out?: string; readonly validDays?: number }): Promise<Repository>
  close(): Promise<void>
}

/** A folder for packages, keys made for it, and an empty repository. */
export async function openWorkshop(): Promise<Workshop> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-repo-'))
  const [packages, out] = [join(dir, 'packages'), join(dir, 'repository')]
  mkdirSync(packages)
  const keys = await openKeys({ home: join(dir, 'k'), make: true, say: () => undefined })
  return {
    dir,
    packages,
    out,
    keys,
    deb: (name, version, content = version) => makeDeb({ dir, packages }, { name, version, content }),
    rpm: (name, version, content = version) => makeRpm({ dir, packages }, { name, version, content }),
    publish: ({ at = new Date(), validDays = 30, ...more } = {}) =>
      buildRepository({ packages, out, keys, at, validDays, say: () => undefined, ...more }),
    close: async () => {
      await keys.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

type Folders = { readonly dir: string; readonly packages: string }
type Wanted = { readonly name: string; readonly version: string; readonly content: string }

function makeDeb({ dir, packages }: Folders, { name, version, content }: Wanted): string {
  const tree = mkdtempSync(join(dir, 'deb-'))
  mkdirSync(join(tree, 'DEBIAN'))
  mkdirSync(join(tree, 'usr/share', name), { recursive: true })
  writeFileSync(join(tree, 'usr/share', name, 'content'), content)
  const control = { Package: name, Version: version, Architecture: 'all', Maintainer: 'Test <test@example.invalid>' }
  const lines = Object.entries({ ...control, Description: 'small\n for tests' }).map(
    ([key, value]) => `${key}: ${value}\n`,
  )
  writeFileSync(join(tree, 'DEBIAN/control'), lines.join(''))
  const file = join(packages, `${name}_${version}_all.deb`)
  quiet('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, file])
  return file
}

function makeRpm({ dir, packages }: Folders, { name, version, content }: Wanted): string {
  const top = mkdtempSync(join(dir, 'rpm-'))
  const spec = [
    `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: small\nLicense: Apache-2.0\nBuildArch: noarch`,
    '%description\nfor tests',
    `%install\nmkdir -p %{buildroot}/usr/share/${name}\nprintf '%%s' '${content}' > %{buildroot}/usr/share/${name}/content`,
    `%files\n/usr/share/${name}\n`,
  ]
  writeFileSync(join(top, 'a.spec'), spec.join('\n'))
  quiet('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${top}`, join(top, 'a.spec')])
  const file = join(packages, `${name}-${version}-1.noarch.rpm`)
  quiet('cp', [join(top, 'RPMS/noarch', `${name}-${version}-1.noarch.rpm`), file])
  return file
}

function quiet(program: string, args: readonly string[]): void {
  execFileSync(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

export type Said = { readonly code: number; readonly output: string }

/** An installation of apt with everything of its own: sources, keys, state; packages go into its folder. */
export interface Machine {
  readonly dir: string
  /** Runs a line a person would type there: without sudo, its paths below its own folder. */
  type(line: string): Promise<Said>
}

/** A private root for apt and dpkg (needs root), which asks nothing of the machine it runs on. */
export function aptMachine(dir: string, options: readonly string[] = []): Machine {
  const folders = ['usr/share/keyrings', 'etc/apt/sources.list.d', 'etc/apt/apt.conf.d', 'etc/apt/preferences.d']
  const state = [
    'var/lib/apt/lists/partial',
    'var/cache/apt/archives/partial',
    'var/lib/dpkg/info',
    'var/lib/dpkg/updates',
  ]
  for (const folder of [...folders, ...state, 'etc/apt/trusted.gpg.d', 'var/log/apt'])
    mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(join(dir, 'var/lib/dpkg/status'), '')
  const config = join(dir, 'apt.conf')
  const lines = [
    `Dir "${dir}";`,
    `Dir::State::status "${dir}/var/lib/dpkg/status";`,
    'Dir::Bin::methods "/usr/lib/apt/methods";',
    'Dir::Bin::dpkg "/usr/bin/dpkg";',
    `DPkg::Options { "--root=${dir}"; "--force-script-chrootless"; "--log=/dev/null"; };`,
    'APT::Sandbox::User "root";',
    'APT::Architecture "amd64";',
    'Acquire::Retries "0";',
    ...options,
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  return { dir, type: line => shell(rooted(line, dir), { ...process.env, APT_CONFIG: config, LC_ALL: 'C.UTF-8' }) }
}

function rooted(line: string, dir: string): string {
  return line.replaceAll('sudo ', '').replaceAll(/(?<=[\s"'=/]|file:\/\/)(\/(usr\/share\/keyrings|etc)\/)/g, `${dir}$1`)
}

/** Runs a line in a shell, without holding up the controller of the same process. */
export function shell(line: string, env: NodeJS.ProcessEnv = process.env): Promise<Said> {
  return new Promise(resolve => {
    const child = spawn('sh', ['-c', line], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        output += part
      })
    child.on('close', code => resolve({ code: code ?? -1, output }))
  })
}

/** A repository in form only: nothing in it is signed, and its packages are words. For tests of who reads it. */
export function sketchRepository(out: string): void {
  const put = (path: string, content: string): void => {
    mkdirSync(join(out, path, '..'), { recursive: true })
    writeFileSync(join(out, path), content)
  }
  const packages = ['amd64', 'arm64'].flatMap(arch => {
    const listed = ['muster-runtime', 'muster-agent', 'muster-controller'].map(name => {
      const path = `apt/pool/main/m/${name}/${name}_0.1.0_${arch}.deb`
      const content = `${name} for ${arch}`
      put(path, content)
      const sha256 = createHash('sha256').update(content).digest('hex')
      return { format: 'deb', name, version: '0.1.0', arch, path, bytes: content.length, sha256, summary: name }
    })
    const stanzas = listed.map(
      ({ name, path, bytes, sha256 }) =>
        `Package: ${name}\nVersion: 0.1.0\nArchitecture: ${arch}\n` +
        (name === 'muster-agent' ? 'Depends: muster-runtime (>= 24), libc6\n' : '') +
        `Filename: ${path.slice('apt/'.length)}\nSize: ${bytes}\nSHA256: ${sha256}\n\n`,
    )
    put(`apt/dists/stable/main/binary-${arch}/Packages`, stanzas.join(''))
    return listed
  })
  put('apt/dists/stable/InRelease', 'signed')
  put('kit/install.sh', '#!/bin/sh\n')
  for (const name of ['muster-archive-keyring.gpg', 'muster-archive-keyring.asc', 'muster-rpm.asc'])
    put(`keys/${name}`, name)
  const digest = 'a'.repeat(64)
  const listing = {
    v: 1,
    suite: 'stable',
    at: '2026-01-01T00:00:00.000Z',
    validUntil: '2027-01-01T00:00:00.000Z',
    keys: { apt: 'A'.repeat(40), rpm: 'B'.repeat(40) },
    keyFiles: { 'muster-archive-keyring.gpg': digest, 'muster-rpm.asc': digest },
    packages,
  }
  put('repository.json', JSON.stringify(listing))
}
