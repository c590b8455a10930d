// SPDX-License-Identifier: Apache-2.0
/** Makes seeds for cloud-init's NoCloud: user data and meta data for each machine, from things that fit together. Pure. */
import { parseToken } from '../enroll/token.ts'
import { fingerprintOf } from '../pki/keys.ts'
import { cloudConfig } from './cloud-config.ts'
import type { SeedMachine } from './machines.ts'
import { problem } from './problems.ts'

export type SeedWish = {
  readonly url: string
  /** SHA-256 of the controller's root, hexadecimal, from somebody who is trusted. */
  readonly fingerprint: string
  readonly keyring: string
  readonly root: string
  readonly packages: readonly string[]
  readonly proxy?: string | undefined
}

export type SeedFile = { readonly path: string; readonly content: string; readonly mode: number }

const SUITE = 'stable'

/**
 * Two files for each machine, below a folder of its name. Throws `seed-untrusted` when the root is not the one of the
 * fingerprint, or a token is of another controller.
 */
export function seedsOf(wish: SeedWish, machines: readonly SeedMachine[]): readonly SeedFile[] {
  const { url, fingerprint, keyring, root, packages, proxy } = wish
  if (!keyring.startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----'))
    throw problem('seed-untrusted', 'the keyring is not an armored key: it is keys/muster-archive-keyring.asc')
  const shown = rootFingerprint(root)
  if (shown !== fingerprint)
    throw problem('seed-untrusted', `the root has the fingerprint sha256:${shown}, and sha256:${fingerprint} was given`)
  return machines.flatMap(({ hostname, token }) => {
    if (parseToken(token).token?.root !== fingerprint)
      throw problem('seed-untrusted', `the join token of ${hostname} is of another controller`)
    const more = { packages, hostname, ...(proxy === undefined ? {} : { proxy }) }
    const userData = cloudConfig({ url, suite: SUITE, keyring, root, token, ...more })
    return [
      // Whoever reads it can join a machine.
      { path: `${hostname}/user-data`, content: userData, mode: 0o600 },
      {
        path: `${hostname}/meta-data`,
        content: `instance-id: ${hostname}\nlocal-hostname: ${hostname}\n`,
        mode: 0o644,
      },
    ]
  })
}

function rootFingerprint(root: string): string {
  try {
    return fingerprintOf(root)
  } catch {
    throw problem('seed-untrusted', 'the root is not a certificate in PEM: it is keys/controller-root.pem')
  }
}
