// SPDX-License-Identifier: Apache-2.0
/** Which paths of a repository may be asked for, of what type their files are, and how long they stay true. Pure. */

/** The folders that are served; nothing beside them is. */
const FOLDERS = ['apt', 'rpm', 'keys', 'kit']
const DEEPEST = 12
/** Names of Debian's and rpm's files; none begins with a dot, so neither `..` nor a hidden file is a name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.+~_:^-]{0,199}$/

/** The path below the repository, or `undefined` when it can be none of ours. */
export function soundPath(text: string): string | undefined {
  const names = text.split('/')
  const [folder = ''] = names
  const sound = FOLDERS.includes(folder) && names.length > 1 && names.length <= DEEPEST
  // A file that is being written ends so.
  return sound && names.every(name => NAME.test(name)) && !text.endsWith('.part') ? text : undefined
}

const TYPES: Readonly<Record<string, string>> = {
  deb: 'application/vnd.debian.binary-package',
  rpm: 'application/x-rpm',
  gz: 'application/gzip',
  xz: 'application/x-xz',
  zst: 'application/zstd',
  xml: 'application/xml',
  asc: 'application/pgp-keys',
  gpg: 'application/pgp-keys',
  sh: 'text/x-shellscript; charset=utf-8',
}
/** Files without an ending. */
const TEXTS = ['Packages', 'Release', 'InRelease']

export function typeOf(path: string): string {
  const name = path.split('/').at(-1) ?? ''
  if (TEXTS.includes(name)) return 'text/plain; charset=utf-8'
  if (name === 'Release.gpg' || name === 'repomd.xml.asc') return 'application/pgp-signature'
  return TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
}

/** What a name says will never change is kept for a year; all else is asked for again. */
export function keptFor(path: string): string {
  const never = /^apt\/pool\/|\/by-hash\/|^rpm\/packages\/|^rpm\/repodata\/[0-9a-f]{64}-/.test(path)
  return never ? 'public, max-age=31536000, immutable' : 'no-cache'
}
