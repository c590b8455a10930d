// SPDX-License-Identifier: Apache-2.0
/** Connections from the host and from the local network to the ports of the engine. */
import type { Duplex } from 'node:stream'
import type { Firmware } from './firmware.ts'
import type { Ports } from './local.ts'
import { createPair } from './pair.ts'

export interface Reaches {
  /** A stream to a port; one that is refused fails with `ECONNREFUSED`. */
  open(port: number, isLocal: boolean): Duplex
  /** Drops all connections; ports stay away for as long as a restart takes. */
  restart(): void
  end(): void
  /** New connections are taken and never answered. */
  frozen: boolean
}

export type ReachParts = { readonly firmware: Firmware; readonly ports: Ports; readonly restartMs: number }

/** Makes what leads to the ports of one machine. */
export function createReaches({ firmware, ports, restartMs }: ReachParts): Reaches {
  const streams = new Set<Duplex>()
  const end = (): void => {
    for (const stream of streams) stream.destroy()
  }
  const reaches: Reaches = {
    frozen: false,
    end,
    restart() {
      end()
      if (restartMs <= 0) return
      firmware.volatile.localDown = true
      firmware.clock.after(restartMs, () => {
        firmware.volatile.localDown = false
      })
    },
    open(port, isLocal) {
      const { near, far } = createPair()
      streams.add(far)
      far.once('close', () => streams.delete(far))
      if (reaches.frozen) return near
      // The network is shut while the engine believes to be away from home; the host is not.
      const away = !isLocal && firmware.state.ras.networkStatus !== 'direct'
      const down = isLocal && firmware.volatile.localDown === true
      const path = { local: isLocal, cut: (gently: boolean) => void (gently ? far.end() : far.destroy()) }
      if (away || down || !ports.serve(port, far, path)) refuse(near)
      return near
    },
  }
  return reaches
}

/** In a later turn, when whoever asked has begun to listen. */
function refuse(stream: Duplex): void {
  setImmediate(() => stream.destroy(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })))
}
