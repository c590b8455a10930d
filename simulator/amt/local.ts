// SPDX-License-Identifier: Apache-2.0
/** The ports of the engine, plain and over TLS, whichever way a stream came. */
import type { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import { pemOf } from './cira.ts'
import type { Firmware } from './firmware.ts'
import { createOnDieAuthority, type OnDieAuthority, type TlsIdentity } from './on-die.ts'
import type { Path, Web } from './web.ts'

export type PortParts = {
  readonly firmware: Firmware
  readonly web: Web
  /** Serves the redirection port; `false` when nothing listens. */
  readonly redirection: (stream: Duplex) => boolean
  readonly authority?: OnDieAuthority
}

export interface Ports {
  /** `false` when nothing listens on that port on that path now. */
  serve(port: number, stream: Duplex, path: Path): boolean
  /** PEM of the root behind the certificate it came with. */
  readonly onDieRoot: string
}

/** Makes the ports of one machine. */
export function createPorts({ firmware, web, redirection, authority }: PortParts): Ports {
  let made: OnDieAuthority | undefined = authority
  let identity: TlsIdentity | undefined
  const onDie = (): OnDieAuthority => {
    made ??= createOnDieAuthority({ random: firmware.random, at: firmware.clock.now() })
    return made
  }
  /** The certificate it was given, or the one it came with. */
  const current = (): TlsIdentity => {
    const { tls, certificates, keys } = firmware.state
    const given = certificates.find(({ id }) => id === tls.certificate)
    const key = keys.find(({ id }) => id === given?.key)
    if (given !== undefined && key !== undefined) return { chain: pemOf(given.der), key: key.pem }
    identity ??= onDie().issue()
    return identity
  }
  const overTls = (stream: Duplex, mutual: boolean): TLSSocket => {
    const { chain, key } = current()
    const roots = firmware.state.certificates.filter(({ trusted }) => trusted).map(({ der }) => pemOf(der))
    const secureContext = createSecureContext({ cert: chain, key, ...(mutual && { ca: roots }) })
    const socket = new TLSSocket(stream, {
      isServer: true,
      secureContext,
      requestCert: mutual,
      rejectUnauthorized: mutual,
    })
    socket.on('error', () => stream.destroy())
    return socket
  }
  return {
    get onDieRoot() {
      return onDie().root
    },
    serve(port, stream, path) {
      const settings = firmware.state.tls.settings[path.local ? 1 : 0]
      const enforced = path.local && firmware.model.tlsEnforced
      const plain = !enforced && (!settings.enabled || settings.acceptNonSecure)
      const tls = enforced || settings.enabled
      if (port === 16992 || port === 16993) {
        const secured = port === 16993
        if (!(secured ? tls : plain)) return false
        web.serve(secured ? overTls(stream, settings.mutual) : stream, path)
        return true
      }
      if (port === 16994) return plain && redirection(stream)
      if (port === 16995) return tls && redirection(overTls(stream, settings.mutual))
      return false
    },
  }
}
