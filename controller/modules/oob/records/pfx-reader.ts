// SPDX-License-Identifier: Apache-2.0
/** The one door to forge: opens a PKCS#12 file, legacy ciphers included. Input may be hostile; run it where it can be ended. */
import { createPrivateKey } from 'node:crypto'
import forge from 'node-forge'

/** What the file holds; nothing is checked yet. */
export type PfxContent = {
  /** DER of each certificate, base64, in the order of the file. */
  readonly certificates: readonly string[]
  /** PKCS#8 PEM of each key that can be read. */
  readonly keys: readonly string[]
}

type Bag = { readonly asn1?: forge.asn1.Asn1 | null; readonly cert?: unknown; readonly key?: unknown }

/**
 * Opens a PKCS#12 file (RFC 7292): RC2 and triple DES of old tools, AES with PBES2 of new ones.
 * Throws whatever forge throws when the password is wrong or the bytes are not one.
 */
export function readPfx(bytes: Uint8Array, password: string): PfxContent {
  // Node's own derivation cannot be interrupted, and the number of rounds is the sender's choice.
  const { options } = forge as unknown as { options: { usePureJavaScript: boolean } } // its types leave it out
  options.usePureJavaScript = true
  const file = forge.asn1.fromDer(Buffer.from(bytes).toString('binary'), false)
  const pfx = forge.pkcs12.pkcs12FromAsn1(file, false, password)
  const bags = (type: string): readonly Bag[] => pfx.getBags({ bagType: type })[type] ?? []
  const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids
  return {
    certificates: bags(certBag ?? '').map(certificateOf),
    keys: [...bags(pkcs8ShroudedKeyBag ?? ''), ...bags(keyBag ?? '')].map(keyOf),
  }
}

/** forge leaves the bytes of what it does not understand, an elliptic curve for one. */
function certificateOf({ cert, asn1 }: Bag): string {
  const parsed = cert as forge.pki.Certificate | null | undefined // as forge documents its bags
  return base64Of(parsed ? forge.pki.certificateToAsn1(parsed) : asn1)
}

function keyOf({ key, asn1 }: Bag): string {
  const parsed = key as forge.pki.rsa.PrivateKey | null | undefined // as forge documents its bags
  const der = parsed ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(parsed)) : asn1
  const own = createPrivateKey({ key: Buffer.from(base64Of(der), 'base64'), format: 'der', type: 'pkcs8' })
  return own.export({ format: 'pem', type: 'pkcs8' }).toString()
}

function base64Of(asn1: forge.asn1.Asn1 | null | undefined): string {
  if (!asn1) throw new TypeError('an empty bag')
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary').toString('base64')
}
