// SPDX-License-Identifier: Apache-2.0
/**
 * TLS to a device, over whatever byte stream leads to it: a channel of its tunnel, a TCP connection, `tls_data` of `rpc`.
 * It imports `node:tls` for that alone; it opens no socket of its own.
 */
import { createHash, constants as crypto } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import type { Dial } from '../ports.ts'
import { problem as outOfBand } from '../problems.ts'
import { problem } from './problems.ts'

export type DeviceTls = {
  /**
   * Judges the device by the certificates it shows (DER, leaf first, without repetition). Devices have self-made
   * certificates or Intel's own, and are reached by GUID or address: no name in them is checked.
   */
  readonly trusts: (chain: readonly Uint8Array[]) => boolean
  /**
   * Also takes TLS 1.1, old ciphers and servers without secure renegotiation: firmware before AMT 12.
   * Default: TLS 1.2 and newer.
   */
  readonly legacy?: boolean
  /** TLS 1.2 at most: some firmware drops the first request of a TLS 1.3 session while it is being provisioned. */
  readonly provisioning?: boolean
}

/** Trusts a device whose leaf has one of these SHA-256 fingerprints (hexadecimal, colons allowed). */
export function pinned(...fingerprints: readonly string[]): DeviceTls['trusts'] {
  const known = new Set(fingerprints.map(each => each.replaceAll(':', '').toLowerCase()))
  return ([leaf]) => leaf !== undefined && known.has(fingerprint(leaf))
}

/** The SHA-256 fingerprint of a certificate in DER, lower-case hexadecimal. */
export function fingerprint(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex')
}

/**
 * A dial whose streams are TLS. Rejects with what `dial` rejects with, with `amt-untrusted` when the certificate is not
 * trusted (before anything is sent), with `amt-channel-refused` when there is no agreement, or with the signal's reason.
 */
export function overTls(dial: Dial, options: DeviceTls): Dial {
  return async (port, signal) => secured(await dial(port, signal), options, signal)
}

/** TLS as the client over an open stream, which it then owns. Rejects as {@link overTls} says. */
export function secured(stream: Duplex, options: DeviceTls, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ socket: stream, ...settings(options) })
    const fail = (thrown: unknown): void => {
      signal.removeEventListener('abort', give)
      socket.destroy()
      stream.destroy()
      reject(thrown)
    }
    const give = (): void => fail(signal.reason)
    const broken = (): void => fail(outOfBand('amt-channel-refused', 'TLS was not agreed upon'))
    socket.on('error', broken)
    socket.once('close', broken)
    signal.addEventListener('abort', give, { once: true })
    if (signal.aborted) give()
    socket.once('secureConnect', () => {
      if (!options.trusts(chainOf(socket))) return fail(problem('amt-untrusted'))
      signal.removeEventListener('abort', give)
      socket.off('close', broken)
      resolve(socket)
    })
  })
}

function settings({ legacy = false, provisioning = false }: DeviceTls): object {
  return {
    rejectUnauthorized: false, // `trusts` decides, as soon as the certificates are there
    minVersion: legacy ? 'TLSv1.1' : 'TLSv1.2',
    ...(provisioning ? { maxVersion: 'TLSv1.2' } : {}),
    ...(legacy ? { ciphers: 'DEFAULT:@SECLEVEL=0', secureOptions: crypto.SSL_OP_LEGACY_SERVER_CONNECT } : {}),
  }
}

function chainOf(socket: TLSSocket): readonly Uint8Array[] {
  const chain: Uint8Array[] = []
  const seen = new Set<DetailedPeerCertificate>()
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  // The root names itself as its issuer, so the list has a ring at its end.
  while (certificate?.raw !== undefined && !seen.has(certificate)) {
    seen.add(certificate)
    chain.push(certificate.raw)
    certificate = certificate.issuerCertificate
  }
  return chain
}
