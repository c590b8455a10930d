// SPDX-License-Identifier: Apache-2.0
/**
 * Reaches devices through the agent of their host and the local service of their firmware, while the operating system
 * runs: for machines without a tunnel and without an address.
 */
import type { Duplex } from 'node:stream'
import { amt } from '../../../../plugins/amt/contract.ts'
import { Problem, type ProblemDocument } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { addCommand, type Command, cancelCommand, getCommand } from '../../../kernel/commands.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Tx } from '../../../store/store.ts'
import type { OpenStream, Streams } from '../../../streams/streams.ts'
import { type Dial, type OobParts, PORTS } from '../ports.ts'
import { problem } from '../problems.ts'
import { overTls, pinned } from '../wsman/tls.ts'
import type { Device } from './devices.ts'
import type { OtherWay } from './reach.ts'

export type AgentWayParts = OobParts & { readonly streams: Streams }

/** Opening a stream takes a command, so one is kept longer than a channel of a tunnel; streams end after a minute. */
const IDLE_MS = 45_000
const REASON = 'out-of-band management through the agent'

export function agentWay(parts: AgentWayParts): OtherWay {
  return {
    via: 'agent',
    async open(device) {
      if ((await onlineHost(parts, device)) === undefined) return undefined
      return { dial: localDial(parts, device), port: PORTS.wsman, idleMs: IDLE_MS }
    },
  }
}

/** Plain where the firmware lets us, else over TLS; which of them it was is remembered. */
function localDial(parts: AgentWayParts, device: Device): Dial {
  const direct: Dial = (port, signal) => streamTo(parts, { device, port, signal })
  // The plain port says just as little about who answers there: it is the host's own, and the agent speaks for the host.
  const trusts = device.certHash === undefined ? () => true : pinned(device.certHash)
  const tls = overTls(direct, { trusts })
  let isSecured = false
  return async (port, signal) => {
    if (port !== PORTS.wsman && port !== PORTS.wsmanTls)
      throw problem('amt-channel-refused', 'only WS-Management goes through the agent')
    if (!isSecured) {
      try {
        return await direct(PORTS.wsman, signal)
      } catch (thrown) {
        if (!isRefusal(thrown)) throw thrown
      }
    }
    try {
      const stream = await tls(PORTS.wsmanTls, signal)
      isSecured = true
      return stream
    } catch (thrown) {
      isSecured = false
      if (!isRefusal(thrown)) throw thrown
      throw problem('amt-not-connected', `guid : ${device.guid}: its local service does not answer the agent`)
    }
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Problem && thrown.code === 'amt-channel-refused'
}

/** The host with this UUID, when its agent is there, serves the section, and may join streams. */
async function onlineHost({ kernel }: AgentWayParts, { project, guid }: Device): Promise<string | undefined> {
  const row = await kernel.store
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select('id')
    .where('uuid', '=', guid)
    .where('state', '=', 'onboarded')
    .executeTakeFirst()
  if (row === undefined) return undefined
  const session = kernel.sessions.live(row.id)
  if (session?.supports === undefined || session.standing !== 'active') return undefined
  return session.supports.includes(amt.name) ? row.id : undefined
}

type Target = { readonly device: Device; readonly port: number; readonly signal: AbortSignal }

async function streamTo(parts: AgentWayParts, { device, port, signal }: Target): Promise<Duplex> {
  signal.throwIfAborted()
  const { project, guid } = device
  const host = await onlineHost(parts, device)
  if (host === undefined) throw problem('amt-not-connected', `guid : ${guid}`)
  const stream = open(parts, { project, host, guid })
  let command: Command | undefined
  try {
    command = await order(parts, { project, host, stream: stream.id, port })
    await joined(parts, { command, stream, signal })
    closing(parts, { command, stream })
    return stream.duplex
  } catch (thrown) {
    stream.duplex.destroy()
    await withdraw(parts, command)
    throw thrown
  }
}

type Owner = { readonly project: string; readonly host: string; readonly guid: string }

function open({ streams }: AgentWayParts, { guid, ...owner }: Owner): OpenStream {
  try {
    return streams.open(owner)
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    throw problem('amt-not-connected', `guid : ${guid}: ${thrown.title}`)
  }
}

type Order = { readonly project: string; readonly host: string; readonly stream: string; readonly port: number }

/** Orders the agent to open its end. The signed command is the only thing that makes it do so. */
async function order({ kernel }: AgentWayParts, { project, host, stream, port }: Order): Promise<Command> {
  return kernel.store.change(async tx => {
    const command = await addCommand(tx, project, {
      ...kernel,
      host,
      section: amt.name,
      name: 'lms',
      input: { stream, port },
      principal: `${SYSTEM.kind}:${SYSTEM.name}`,
      reason: REASON,
      expiresInMs: amt.commands.lms.ttlMs,
    })
    const data = { host, section: command.section, name: command.name, state: command.state, by: SYSTEM.name }
    await kernel.events.emit(tx, { project, type: 'command.created', subject: command.id, data })
    await record({ kernel }, tx, { command, action: 'oob.stream.opened', detail: { stream, port } })
    return command
  })
}

type Joining = { readonly command: Command; readonly stream: OpenStream; readonly signal: AbortSignal }

/** Resolves when the agent has opened its end, which may be before its result has come. */
async function joined({ kernel }: AgentWayParts, { command, stream, signal }: Joining): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  failed.catch(() => {}) // it may come when nobody waits for it any more
  const stop = (): void => reject(signal.reason)
  const watch = kernel.events.watch(event => {
    if (event.type !== 'command.finished' || event.subject !== command.id) return
    void getCommand(kernel.store, command.project, command.id).then(
      ({ state, problem: why }) => state !== 'succeeded' && reject(refusalOf(why)),
      reject,
    )
  })
  signal.addEventListener('abort', stop, { once: true })
  const away = stream.answered.catch(() => {
    throw problem('amt-not-connected', 'its agent went away')
  })
  try {
    await kernel.dispatch.commands({ project: command.project, host: command.host }, 'queued')
    await Promise.race([away, failed])
  } finally {
    watch()
    signal.removeEventListener('abort', stop)
  }
}

function refusalOf(why: ProblemDocument | undefined): Error {
  if (why?.code === 'unreachable') return problem('amt-channel-refused', 'nothing listens there on the host')
  return problem('amt-not-connected', `the agent refused: ${why?.title ?? 'it did not say why'}`)
}

/** A stream is recorded when it ends as it was when it began. */
function closing(parts: AgentWayParts, { command, stream }: Pick<Joining, 'command' | 'stream'>): void {
  stream.duplex.once('close', () => {
    parts.kernel.store
      .change(tx => record(parts, tx, { command, action: 'oob.stream.closed', detail: { stream: stream.id } }))
      .catch(thrown => parts.log.warn('the end of a stream was not recorded', { error: String(thrown) }))
  })
}

/** What was not sent yet need not be. */
async function withdraw({ kernel }: AgentWayParts, command: Command | undefined): Promise<void> {
  if (command === undefined) return
  const { project, id } = command
  await kernel.store.change(tx => cancelCommand(tx, project, id, kernel.clock.now())).catch(() => undefined)
}

type Recorded = {
  readonly command: Command
  readonly action: 'oob.stream.opened' | 'oob.stream.closed'
  readonly detail: { readonly stream: string; readonly port?: number }
}

async function record(
  { kernel }: Pick<AgentWayParts, 'kernel'>,
  tx: Tx,
  { command, action, detail }: Recorded,
): Promise<void> {
  await kernel.audit.append(tx, {
    chain: projectChain(command.project),
    principal: SYSTEM,
    action,
    target: command.host,
    outcome: 'done',
    reason: REASON,
    detail: { ...detail, command: command.id },
  })
}
