// SPDX-License-Identifier: Apache-2.0
/** Puts a kit together: packages, keys, the controller's root and a script, for machines that have no network yet. */
import { problem } from './problems.ts'
import { choose, type Offer, readPackages } from './select.ts'
import type { TarEntry } from './tar.ts'

export const DEB_ARCHES = ['amd64', 'arm64'] as const
export const FORMATS = ['deb', 'rpm'] as const
export type DebArch = (typeof DEB_ARCHES)[number]
export type Format = (typeof FORMATS)[number]

/** What rpm calls the architectures, by dpkg's names. */
const RPM_ARCH: Readonly<Record<DebArch, string>> = { amd64: 'x86_64', arm64: 'aarch64' }

/** The folder everything in the archive lies in. */
export const KIT = 'muster-kit'
export const USUAL_PACKAGES = ['muster-agent'] as const

export type KitWish = {
  readonly arches: readonly DebArch[]
  readonly formats: readonly Format[]
  readonly packages: readonly string[]
  /** Where machines are to enroll; without it the kit installs and leaves it at that. */
  readonly url?: string | undefined
  /** Joins the machines it is used on; whoever has the kit has it too. */
  readonly token?: string | undefined
  /** PEM of the root that the controller's certificate ends in. */
  readonly root?: string | undefined
}

/** The repository, as far as a kit is made from it. */
export type KitSource = {
  readonly suite: string
  /** Fingerprints of the keys. */
  readonly keys: { readonly apt: string; readonly rpm: string }
  readonly packages: readonly (Omit<Offer, 'needs'> & { readonly format: Format })[]
  /** A small file of the repository; `undefined` when there is none. */
  text(path: string): Promise<string | undefined>
  bytes(path: string): Promise<Uint8Array | undefined>
  stream(path: string): AsyncIterable<Uint8Array>
}

/** What the archive will hold, in order. Throws `kit-incomplete` before a byte of it is written. */
export async function planKit(source: KitSource, wish: KitWish): Promise<readonly TarEntry[]> {
  const needs = new Map<string, readonly string[]>()
  const entries: TarEntry[] = []
  for (const arch of wish.arches) {
    const index = await source.text(`apt/dists/${source.suite}/main/binary-${arch}/Packages`)
    const offers = readPackages(index ?? '')
    for (const { name, needs: of } of offers) needs.set(name, of)
    if (!wish.formats.includes('deb')) continue
    entries.push(file(`deb/Packages.${arch}`, index ?? ''))
    entries.push(...chosen(offers, wish, `.deb for ${arch}`).map(offer => packageEntry(source, 'deb', offer)))
  }
  if (wish.formats.includes('deb')) entries.push(...(await debIndex(source)))
  for (const arch of wish.formats.includes('rpm') ? wish.arches : [])
    entries.push(
      ...chosen(rpmOffers(source, arch, needs), wish, `.rpm for ${arch}`).map(each =>
        packageEntry(source, 'rpm', each),
      ),
    )
  return unique([...(await frame(source, wish)), ...entries])
}

function chosen(offers: readonly Offer[], { packages }: KitWish, what: string): readonly Offer[] {
  const { chosen: found, absent } = choose(offers, packages)
  if (absent.length > 0) throw problem('kit-incomplete', `no ${what} of ${absent.join(', ')}`)
  return found
}

/** Packages of rpm need what those of dpkg with the same names need. */
function rpmOffers({ packages }: KitSource, arch: DebArch, needs: Map<string, readonly string[]>): readonly Offer[] {
  return packages
    .filter(each => each.format === 'rpm' && [RPM_ARCH[arch], 'noarch'].includes(each.arch))
    .map(each => ({ ...each, needs: needs.get(each.name) ?? [] }))
}

async function debIndex(source: KitSource): Promise<readonly TarEntry[]> {
  const signed = await source.text(`apt/dists/${source.suite}/InRelease`)
  if (signed === undefined) throw problem('kit-incomplete', 'there is no signed index')
  return [file('deb/InRelease', signed)]
}

/** The script, what it must know, and the keys. */
async function frame(
  source: KitSource,
  { url, token, root, formats, arches, packages }: KitWish,
): Promise<readonly TarEntry[]> {
  const script = await source.text('kit/install.sh')
  if (script === undefined) throw problem('kit-incomplete', 'there is no kit/install.sh')
  const known = {
    MUSTER_URL: url ?? '',
    MUSTER_FORMATS: formats.join(' '),
    MUSTER_ARCHES: arches.join(' '),
    MUSTER_APT_KEY: source.keys.apt,
    MUSTER_RPM_KEY: source.keys.rpm,
  }
  const lines = Object.entries(known).map(([name, value]) => `${name}='${value.replaceAll("'", '')}'\n`)
  const keys = await Promise.all(
    ['muster-archive-keyring.gpg', 'muster-rpm.asc'].map(async name => {
      const content = await source.bytes(`keys/${name}`)
      if (content === undefined) throw problem('kit-incomplete', `there is no keys/${name}`)
      return file(`keys/${name}`, content)
    }),
  )
  return [
    file('install.sh', script, 0o755),
    ...(packages.includes(OOB_PACKAGE) ? await oobScripts(source) : []),
    file('kit.env', lines.join('')),
    ...keys,
    ...(root === undefined ? [] : [file('keys/controller-root.pem', `${root.trim()}\n`)]),
    ...(token === undefined ? [] : [file('join-token', `${token}\n`, 0o600)]),
  ]
}

/** With it a machine can be set up for out-of-band management alone. */
const OOB_PACKAGE = 'muster-agent-oob'

async function oobScripts(source: KitSource): Promise<readonly TarEntry[]> {
  const [script, example] = [await source.text('kit/oob-install.sh'), await source.text('kit/oob.env.example')]
  if (script === undefined || example === undefined) return []
  return [file('oob-install.sh', script, 0o755), file('oob.env.example', example)]
}

function packageEntry(source: KitSource, format: Format, { path, bytes }: Offer): TarEntry {
  const name = path.split('/').at(-1) ?? ''
  return { path: `${KIT}/${format}/${name}`, size: bytes, mode: 0o644, content: () => source.stream(path) }
}

function file(path: string, content: string | Uint8Array, mode = 0o644): TarEntry {
  const bytes = Buffer.from(content)
  return { path: `${KIT}/${path}`, size: bytes.length, mode, content: () => [bytes] }
}

/** Packages for all architectures are chosen once for each. */
function unique(entries: readonly TarEntry[]): readonly TarEntry[] {
  return [...new Map(entries.map(entry => [entry.path, entry])).values()]
}
