// SPDX-License-Identifier: Apache-2.0
/** Who may open the relay of MPS: everything is decided before the upgrade, and every doubt is a refusal. */
import { asProblem, type Log, MINUTE } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { SocketRequest, SocketRoute, SocketVerdict } from '../../../kernel/socket.ts'
import type { Devices } from '../devices/devices.ts'
import { PORTS, type Reach, type Reaches } from '../ports.ts'
import type { RedirectionGrant, ToolkitTokens } from '../toolkit/tokens.ts'
import { guidOf } from '../toolkit/toolkit.ts'
import type { RedirectionRules } from './config.ts'
import { type ConsentTries, consentNeeded } from './consent.ts'
import type { Mode } from './framing.ts'
import type { Live, Seat } from './live.ts'
import type { RecordingSink } from './recording.ts'
import { startRelay } from './relay.ts'
import { createSession } from './session.ts'

export type RelayRouteParts = {
  readonly kernel: Kernel
  readonly tokens: ToolkitTokens
  readonly devices: Pick<Devices, 'find'>
  readonly reaches: Reaches
  readonly recordings: RecordingSink
  readonly consent: ConsentTries
  readonly live: Live
  readonly rules: RedirectionRules
  readonly log: Log
}

export const RELAY_PATHS = [
  '/relay/webrelay.ashx',
  '/mps/ws/relay/webrelay.ashx',
  '/mps/relay/webrelay.ashx',
  '/ws/relay/webrelay.ashx',
] as const

const MAX_MESSAGE = 1_048_576
/** The value of `p` that asks us to log in. */
const INTERCEPTED = '2'

export function relayRoute(parts: RelayRouteParts): SocketRoute {
  return {
    paths: RELAY_PATHS,
    maxMessage: MAX_MESSAGE,
    // The token stands in a header that no page can make a browser send by itself.
    anyOrigin: true,
    decide: request => decide(parts, request),
  }
}

type Asked = { readonly guid: string; readonly mode: Mode | undefined; readonly port: number; readonly raw: boolean }

async function decide(parts: RelayRouteParts, request: SocketRequest): Promise<SocketVerdict> {
  const [token, ...others] = request.protocols
  if (token === undefined || others.length > 0) return { refuse: 401, why: 'one token is expected as sub-protocol' }
  const grant = await parts.tokens.verifyRedirection(token, request.address)
  if (grant === undefined) return { refuse: 401, why: 'the token is not one for redirection, or not good any more' }
  const asked = readQuery(request.url.searchParams, grant)
  if ('refuse' in asked) return refused(parts, grant, asked)
  if (asked.raw && !parts.rules.rawSplice) return refused(parts, grant, { refuse: 400, why: 'only p=2 is served here' })
  const found = await reachOf(parts, grant, asked)
  if ('refuse' in found) return refused(parts, grant, found)
  const seat = claimSeat(parts, grant, asked)
  if ('refuse' in seat) return refused(parts, grant, seat)
  // From the last check to here nothing waited, so that one token cannot pass twice.
  if (!parts.tokens.spend(grant)) {
    seat.release()
    return refused(parts, grant, { refuse: 401, why: 'the token was used before' })
  }
  const session = createSession(parts, seat)
  const recordInput = parts.rules.inputOfProjects.has(grant.project)
  return {
    protocol: token,
    accept: socket =>
      startRelay({ ...parts, session, reach: found, port: asked.port, raw: asked.raw, recordInput }, socket),
  }
}

type Refusal = { readonly refuse: number; readonly why: string }

function readQuery(query: URLSearchParams, grant: RedirectionGrant): Asked | Refusal {
  const guid = guidOf(query.get('host'))
  if (guid === undefined || guid !== grant.guid) return { refuse: 401, why: 'the token is for another device' }
  const mode = modeOf(query.get('mode'))
  if (grant.mode !== undefined && mode !== undefined && mode !== grant.mode)
    return { refuse: 401, why: `the token is for ${grant.mode}` }
  const port = Number(query.get('port') ?? PORTS.redirection)
  if (port !== PORTS.redirection && port !== PORTS.redirectionTls)
    return { refuse: 400, why: `only ports ${PORTS.redirection} and ${PORTS.redirectionTls} are relayed` }
  return { guid, mode: mode ?? grant.mode, port, raw: query.get('p') !== INTERCEPTED }
}

function modeOf(text: string | null): Mode | undefined {
  return text === 'kvm' || text === 'sol' || text === 'ider' ? text : undefined
}

async function reachOf(parts: RelayRouteParts, grant: RedirectionGrant, { mode }: Asked): Promise<Reach | Refusal> {
  const { kernel, devices, reaches, rules } = parts
  const { project, guid } = grant
  if ((await devices.find(kernel.store, project, guid)) === undefined)
    return { refuse: 401, why: 'there is no such device' }
  let reach: Reach
  try {
    reach = await reaches.reach(project, guid)
  } catch (thrown) {
    return { refuse: 401, why: asProblem(thrown).code }
  }
  if (parts.consent.exhausted(guid)) return { refuse: 403, why: 'consent-tries-exhausted' }
  if (!rules.checkConsent) return reach
  return (await wantsConsent(reach, mode ?? 'kvm')) ? { refuse: 403, why: 'amt-consent-needed' } : reach
}

/** A device that cannot say decides by itself when the session starts. */
export async function wantsConsent({ wsman }: Reach, mode: Mode): Promise<boolean> {
  return consentNeeded(wsman, mode, new AbortController().signal).catch(() => false)
}

function claimSeat(
  { live }: RelayRouteParts,
  { project, guid, principal, minutes }: RedirectionGrant,
  { mode }: Asked,
): Seat | Refusal {
  try {
    return live.claim({ project, guid, mode, principal, kind: 'relay', maxMs: lastingOf(minutes) })
  } catch (thrown) {
    // As MPS answers a second session, whatever the limit was.
    return { refuse: 401, why: asProblem(thrown).code }
  }
}

/** In milliseconds, for a seat. */
export function lastingOf(minutes: number | undefined): number | undefined {
  return minutes === undefined ? undefined : minutes * MINUTE
}

async function refused({ kernel, log }: RelayRouteParts, grant: RedirectionGrant, refusal: Refusal): Promise<Refusal> {
  const { project, guid, principal } = grant
  log.info('refused a redirection session', { guid, why: refusal.why })
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: projectChain(project),
      principal,
      action: 'redirection.open',
      target: guid,
      outcome: 'refused',
      reason: refusal.why,
    }),
  )
  return refusal
}
