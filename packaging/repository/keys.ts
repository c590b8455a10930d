// SPDX-License-Identifier: Apache-2.0
/** The two keys a repository is signed with: Ed25519 for apt, RSA for rpm, which older systems with rpm need. */
import { chmod, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { run } from './tools.ts'

/** Sockets of the agent lie in this folder, and their addresses have 108 bytes at most. */
const LONGEST_HOME = 80
const RSA_BITS = 4_096
const RSA = '1'
const EDDSA = '22'

const OWNERS = {
  apt: 'Muster packages (apt) <packages@muster.invalid>',
  rpm: 'Muster packages (rpm) <packages@muster.invalid>',
} as const

export type Kind = 'apt' | 'rpm'

export type Opening = {
  /** Folder of GnuPG with the secret keys. */
  readonly home: string
  /** Makes the keys that are missing, without a passphrase and without an end. */
  readonly make: boolean
  readonly say: (line: string) => void
}

export interface Keys {
  readonly home: string
  /** Fingerprints, 40 hexadecimal digits in capitals. */
  readonly apt: string
  readonly rpm: string
  /** Text signed in place, as InRelease is. */
  clearsign(text: string): Promise<Buffer>
  /** Signature beside the content, armored. */
  detach(content: Uint8Array, kind: Kind): Promise<Buffer>
  /** Public halves: of every key for apt that is there, so that a new one can be told before it is used. */
  export(kind: Kind, armor: boolean): Promise<Buffer>
  /** Ends the agent of GnuPG that was started for this folder. */
  close(): Promise<void>
}

/** Opens the keys of a folder. Throws an `Error` that says what to do when there are none, or ones too weak. */
export async function openKeys({ home: given, make, say }: Opening): Promise<Keys> {
  const home = resolve(given)
  if (Buffer.byteLength(home) > LONGEST_HOME)
    throw new Error(`--key-home ${home} is too long for the sockets of GnuPG: at most ${LONGEST_HOME} bytes`)
  await mkdir(home, { recursive: true, mode: 0o700 })
  await chmod(home, 0o700)
  const gpg = (args: readonly string[], input?: string | Uint8Array) =>
    run('gpg', ['--homedir', home, '--batch', '--yes', '--no-tty', ...args], input === undefined ? {} : { input })
  const close = async (): Promise<void> => {
    await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined)
  }
  try {
    const present = async () => secretKeys((await gpg(['--list-secret-keys', '--with-colons'])).toString())
    let found = await present()
    for (const kind of ['apt', 'rpm'] as const) {
      if (keysFor(kind, found).length > 0) continue
      if (!make) throw new Error(missing(kind, home))
      say(`making the key for ${kind} in ${home}`)
      const algorithm = kind === 'apt' ? 'ed25519' : `rsa${RSA_BITS}`
      await gpg(['--passphrase', '', '--quick-generate-key', OWNERS[kind], algorithm, 'sign', 'never'])
      found = await present()
    }
    // The newest signs; the older ones are still told, so that what was signed by them is still believed.
    const newest = (kind: Kind): string => keysFor(kind, found).at(-1)?.fingerprint ?? ''
    const [apt, rpm] = [newest('apt'), newest('rpm')]
    const sign = (key: string) => ['--local-user', `${key}!`, '--digest-algo', 'SHA512', '--armor', '--output', '-']
    return {
      home,
      apt,
      rpm,
      clearsign: text => gpg([...sign(apt), '--clearsign'], text),
      detach: (content, kind) => gpg([...sign(kind === 'apt' ? apt : rpm), '--detach-sign'], content),
      export: (kind, armor) =>
        gpg([
          ...(armor ? ['--armor'] : []),
          '--export-options',
          'export-minimal',
          '--export',
          ...keysFor(kind, found).map(({ fingerprint }) => fingerprint),
        ]),
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

export type SecretKey = {
  readonly algorithm: string
  readonly bits: number
  /** Seconds since 1970. */
  readonly made: number
  readonly fingerprint: string
}

/** Reads the lines of `gpg --with-colons`: keys that can sign and have not ended, oldest first. */
export function secretKeys(colons: string): readonly SecretKey[] {
  const keys: SecretKey[] = []
  let head: readonly string[] | undefined
  for (const fields of colons.split('\n').map(line => line.split(':'))) {
    if (fields[0] === 'sec') head = fields
    if (fields[0] === 'ssb') head = undefined
    if (fields[0] !== 'fpr' || head === undefined) continue
    const [, validity = '', bits = '', algorithm = '', , made = '', , , , , , abilities = ''] = head
    // Ended, revoked, disabled or invalid.
    const dead = /[eridn]/.test(validity) || abilities.includes('D')
    if (!dead && abilities.includes('s'))
      keys.push({ algorithm, bits: Number(bits), made: Number(made), fingerprint: fields[9] ?? '' })
    head = undefined
  }
  return keys.sort((one, other) => one.made - other.made)
}

/** Keys a repository of this kind may be signed with. */
export function keysFor(kind: Kind, keys: readonly SecretKey[]): readonly SecretKey[] {
  return keys.filter(({ algorithm, bits }) =>
    kind === 'apt' ? algorithm === EDDSA : algorithm === RSA && bits >= RSA_BITS,
  )
}

function missing(kind: Kind, home: string): string {
  const what = kind === 'apt' ? 'Ed25519 key, with which apt' : `RSA key of ${RSA_BITS} bits or more, with which rpm`
  return `there is no ${what} repositories are signed, in ${home}: give --make-keys, or import one with gpg --homedir`
}
