// SPDX-License-Identifier: Apache-2.0
/** An invented authority like the one inside the silicon: it vouches for the engine's own TLS certificate. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { RandomBytes } from '../../plugins/contract/index.ts'
import { pemOf } from './cira.ts'
import { bitString, ecdsaSha384, integer, nameOf, oid, sequence, tlv } from './der.ts'

export type TlsIdentity = {
  /** PEM, leaf first, without the root. */
  readonly chain: string
  /** PEM. */
  readonly key: string
}

export interface OnDieAuthority {
  /** PEM of the root, for whoever is to trust it. */
  readonly root: string
  /** A certificate for one machine: `AMT RCFG`. */
  issue(): TlsIdentity
}

type Party = { readonly name: Buffer; readonly key: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } }

/** Makes an authority with two intermediates; `at` is when it starts to be valid, epoch ms. */
export function createOnDieAuthority({ random, at }: { random: RandomBytes; at: number }): OnDieAuthority {
  const party = (name: string): Party => ({
    name: nameOf(['O', 'Simulated Silicon'], ['CN', name]),
    key: generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
  })
  const certify = (subject: Party, issuer: Party, authority: boolean): string =>
    pemOf(certificate({ subject, issuer, authority, serial: random(12), at }).toString('base64'))
  const root = party('Simulated On Die CA Root')
  const middle = party('Simulated On Die CA CSME Intermediate')
  const lowest = party('Simulated On Die CA RCFG Issuing')
  const above = certify(lowest, middle, true) + certify(middle, root, true)
  return {
    root: certify(root, root, true),
    issue() {
      const leaf: Party = { ...party('AMT RCFG'), name: nameOf(['CN', 'AMT RCFG']) }
      const key = leaf.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { chain: certify(leaf, lowest, false) + above, key }
    },
  }
}

type Wanted = {
  readonly subject: Party
  readonly issuer: Party
  readonly authority: boolean
  readonly serial: Uint8Array
  readonly at: number
}

const YEAR_MS = 365 * 24 * 3600 * 1000

/** A certificate of version 3 (RFC 5280 §4.1) in DER. */
function certificate({ subject, issuer, authority, serial, at }: Wanted): Buffer {
  const constraints = sequence(oid('2.5.29.19'), tlv(1, Buffer.of(255)), tlv(4, sequence(...ofAuthority(authority))))
  const content = sequence(
    tlv(0xa0, tlv(2, Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), serial])),
    ecdsaSha384(),
    issuer.name,
    sequence(time(at - YEAR_MS), time(at + 25 * YEAR_MS)),
    subject.name,
    subject.key.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(constraints)),
  )
  return sequence(content, ecdsaSha384(), bitString(sign('sha384', content, issuer.key.privateKey)))
}

function ofAuthority(authority: boolean): readonly Buffer[] {
  return authority ? [tlv(1, Buffer.of(255))] : []
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  // RFC 5280 §4.1.2.5: two digits for the year before 2050.
  return Number(text.slice(0, 4)) < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text))
}
