// SPDX-License-Identifier: Apache-2.0
/** The activation server: the websockets that `rpc` opens, and the sessions behind them. */
import type { Http } from '../../../http/http.ts'
import type { Socket, SocketRoute } from '../../../kernel/socket.ts'
import { problem as shared } from '../problems.ts'
import { TIMING } from './ground.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { Link } from './link.ts'
import { createProvisioner, type Provisioner } from './over.ts'
import type { ActivationParts } from './parts.ts'
import { problem } from './problems.ts'
import { MAX_FROM_CLIENT } from './protocol.ts'
import { activationRoutes } from './routes.ts'
import { runSession } from './session.ts'

/** RPS does not look at the path; these are those that clients and gateways use. */
const PATHS = [
  '/activate',
  '/deactivate',
  '/maintenance',
  '/rps',
  '/rps/activate',
  '/rps/deactivate',
  '/rps/maintenance',
]

export interface Activation {
  readonly sockets: readonly SocketRoute[]
  readonly ledger: Ledger
  /** The same provisioning for devices that are reached without `rpc`. */
  readonly provisioner: Provisioner
  routes(http: Http): void
  /** Marks what a stop of the program cut off. Called once, before sessions begin. */
  recover(): Promise<void>
  /** Ends all sessions, and resolves when they have come to rest. */
  stop(): Promise<void>
}

export function createActivation(parts: ActivationParts): Activation {
  const { kernel, config, log } = parts
  const ledger = createLedger(kernel)
  const running = new Map<Promise<void>, AbortController>()
  const byDevice = new Map<string, { readonly control: AbortController; readonly done: Promise<void> }>()
  let isStopping = false

  const accept = (socket: Socket, address: string): void => {
    const control = new AbortController()
    const heartbeatMs = parts.timing?.heartbeatMs ?? TIMING.heartbeatMs
    const link = new Link({ socket, clock: kernel.clock, heartbeatMs })
    const ended = Promise.withResolvers<void>()
    let key: string | undefined
    const claim = async (project: string, guid: string): Promise<void> => {
      // The management engine has one user at a time: whoever comes later is the one that is still there.
      const other = byDevice.get(guid)
      key = guid
      byDevice.set(guid, { control, done: ended.promise })
      if (other === undefined) return
      log.info('a later session takes a device over', { project, guid })
      other.control.abort(problem('activation-superseded'))
      await other.done
    }
    const session = runSession({ parts, ledger, link, address, signal: control.signal, claim })
      .catch(thrown => log.error('an activation session broke', { error: String(thrown) }))
      .finally(() => {
        running.delete(session)
        if (key !== undefined && byDevice.get(key)?.control === control) byDevice.delete(key)
        ended.resolve()
      })
    running.set(session, control)
  }

  return {
    ledger,
    provisioner: createProvisioner(parts, ledger),
    sockets: [
      {
        paths: PATHS,
        maxMessage: MAX_FROM_CLIENT,
        anyOrigin: true, // it is not for browsers, and nothing a browser adds by itself gives access
        decide: async request => {
          if (isStopping) return { refuse: 503, why: 'the controller stops' }
          if (running.size >= config.sessions) return { refuse: 503, why: 'too many activations at once' }
          return { accept: socket => accept(socket, request.address) }
        },
      },
    ],
    routes: http => activationRoutes(http, kernel),
    recover: () => ledger.recover(),
    stop: async () => {
      isStopping = true
      for (const control of running.values()) control.abort(shared('amt-not-connected', 'the controller stops'))
      await Promise.all(running.keys())
    },
  }
}
