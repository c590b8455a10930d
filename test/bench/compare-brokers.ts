// SPDX-License-Identifier: Apache-2.0
/** The brokers that are compared, each as a process that can be killed and started again on its port. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { BusOrder } from './compare-bus.ts'
import { CONTROLLER_FLAGS, ENVIRONMENT } from './support.ts'

export type Authority = {
  /** Root and issuing certificate, which clients are judged by. */
  readonly ca: string
  readonly server: { readonly certificate: string; readonly privateKey: string }
}

export interface Broker {
  readonly name: string
  readonly pid: number
  readonly port: number
  start(): Promise<void>
  kill(): Promise<void>
  /** One message to each, from inside; `undefined` when somebody outside must send them. */
  readonly tell?: (hosts: readonly string[], payload: string) => void
}

const MOSQUITTO = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto']
/** Who may do everything at mosquitto: it stands for the controller. */
export const BACKEND = 'host-00000000'

/** `undefined` when this machine has none. */
export async function mosquitto({ ca, server }: Authority): Promise<Broker | undefined> {
  const program = MOSQUITTO.find(path => existsSync(path))
  if (program === undefined) return undefined
  const dir = join(tmpdir(), 'mosquitto')
  mkdirSync(dir, { recursive: true })
  const file = (name: string, content: string): string => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const port = await freePort()
  const config = file(
    'mosquitto.conf',
    [
      'per_listener_settings false',
      `listener ${port} 127.0.0.1`,
      `cafile ${file('ca.pem', ca)}`,
      `certfile ${file('server.pem', server.certificate)}`,
      `keyfile ${file('server.key', server.privateKey)}`,
      'require_certificate true',
      'use_identity_as_username true',
      'tls_version tlsv1.3',
      `acl_file ${file('acl', aclText())}`,
      'persistence false',
      'max_queued_messages 100000',
      'max_inflight_messages 100',
      'set_tcp_nodelay true',
      'log_dest none',
      'user root',
    ].join('\n'),
  )
  return processBroker('mosquitto', port, async () => spawn(program, ['-c', config], { stdio: 'ignore' }))
}

/** The same doors as our table of access: every host its own tree, by the name in its certificate. */
function aclText(): string {
  const tree = 'muster/1/default'
  return [
    `pattern write ${tree}/%u/reported/+`,
    `pattern write ${tree}/%u/presence`,
    `pattern read ${tree}/%u/receipt`,
    `pattern read ${tree}/%u/desired/+`,
    `pattern read ${tree}/%u/command/+`,
    '',
    `user ${BACKEND}`,
    `topic readwrite ${tree}/#`,
    '',
  ].join('\n')
}

/** The broker of the controller, and nothing behind it. */
export async function embedded({ ca, server }: Authority): Promise<Broker> {
  const port = await freePort()
  let child: ChildProcess | undefined
  const broker = processBroker('embedded broker', port, async () => {
    const started = fork(new URL('./compare-bus.ts', import.meta.url), {
      execArgv: CONTROLLER_FLAGS,
      env: ENVIRONMENT,
    })
    child = started
    const order: BusOrder = { do: 'open', port, cert: server.certificate, key: server.privateKey, ca }
    started.send(order)
    await new Promise(resolve => started.once('message', resolve))
    return started
  })
  return Object.assign(broker, {
    tell: (hosts: readonly string[], payload: string) =>
      void child?.send({ do: 'tell', hosts, payload } satisfies BusOrder),
  })
}

function processBroker(name: string, port: number, launch: () => Promise<ChildProcess>): Broker {
  let child: ChildProcess | undefined
  return {
    name,
    port,
    get pid() {
      return child?.pid ?? -1
    },
    start: async () => {
      child = await launch()
      while (!(await listens(port))) await setTimeout(5)
    },
    kill: async () => {
      const gone = new Promise(resolve => child?.once('exit', resolve))
      child?.kill('SIGKILL')
      await gone
    },
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = dial({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

export function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
