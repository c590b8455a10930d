// SPDX-License-Identifier: Apache-2.0
/** Looks what packages lie in a folder, and what each says of itself. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './tools.ts'

export type Found = {
  readonly format: 'deb' | 'rpm'
  readonly name: string
  /** As its format spells it: `1:0.2.0-1` for deb, `0.2.0-1` for rpm. */
  readonly version: string
  readonly arch: string
  readonly file: string
  readonly bytes: number
  /** What must be the same for it to be the same package: for rpm without the signature. */
  readonly identity: string
  readonly summary: string
}

const NAME = /^[a-z0-9][a-z0-9+.-]{1,99}$/
const VERSION = /^(\d+:)?[A-Za-z0-9][A-Za-z0-9.+~^_-]{0,99}$/
const ARCHES = { deb: ['amd64', 'arm64', 'all'], rpm: ['x86_64', 'aarch64', 'noarch'] } as const

/** Packages of a folder, by name, version and architecture. Throws an `Error` for one that cannot be read or published. */
export async function collect(folder: string): Promise<readonly Found[]> {
  const names = await readdir(folder).catch(() => {
    throw new Error(`there is no folder ${folder}: build the packages first, or name another with --packages`)
  })
  const found: Found[] = []
  for (const name of names.sort()) {
    if (name.endsWith('.deb')) found.push(await readDeb(join(folder, name)))
    else if (name.endsWith('.rpm') && !name.endsWith('.src.rpm')) found.push(await readRpm(join(folder, name)))
  }
  return found
}

export async function readDeb(file: string): Promise<Found> {
  const format = ['Package', 'Version', 'Architecture', 'binary:Summary'].map(field => `\${${field}}`).join('\\t')
  const text = (await run('dpkg-deb', ['--show', `--showformat=${format}`, file])).toString()
  const [name = '', version = '', arch = '', summary = ''] = text.split('\t')
  const { size } = await stat(file)
  return sound({ format: 'deb', name, version, arch, file, bytes: size, identity: await sha256Of(file), summary })
}

export async function readRpm(file: string): Promise<Found> {
  const format = '%{NAME}\\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SHA256HEADER}\\t%{SUMMARY}'
  // Signatures are not looked at here: what comes in has none yet.
  const args = ['--query', '--package', '--nosignature', '--nodigest', '--queryformat', format, file]
  const text = (await run('rpm', args)).toString()
  const [name = '', version = '', arch = '', identity = '', summary = ''] = text.split('\t')
  const { size } = await stat(file)
  return sound({ format: 'rpm', name, version, arch, file, bytes: size, identity, summary })
}

/** What packages say becomes part of paths. */
function sound(found: Found): Found {
  const { format, name, version, arch, file } = found
  if (!NAME.test(name)) throw new Error(`${file} calls itself ${JSON.stringify(name)}, which is no name of a package`)
  if (!VERSION.test(version)) throw new Error(`${file} has the version ${JSON.stringify(version)}, which is none`)
  if (!(ARCHES[format] as readonly string[]).includes(arch))
    throw new Error(`${file} is for ${arch}; published are ${ARCHES[format].join(', ')}`)
  return found
}

/** SHA-256 of a file, hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file)) hash.update(part as Buffer)
  return hash.digest('hex')
}

/** Where a package lies in the repository; the epoch is no part of names of files. */
export function placeOf({ format, name, version, arch }: Pick<Found, 'format' | 'name' | 'version' | 'arch'>): string {
  const bare = version.replace(/^\d+:/, '')
  if (format === 'rpm') return `rpm/packages/${name}-${bare}.${arch}.rpm`
  return `apt/pool/main/${name[0]}/${name}/${name}_${bare}_${arch}.deb`
}
