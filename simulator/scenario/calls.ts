// SPDX-License-Identifier: Apache-2.0
/** What a scenario asks of the controller about hosts, and what the controller accepted. */
import { type EpochMs, MINUTE, parseTime } from '../../plugins/contract/index.ts'
import type { HostStatus } from '../report.ts'
import type { Api, ApiAnswer, Call } from './api.ts'
import type { CallAct, Entry } from './plan.ts'

/** A command that the controller has accepted. */
export type Accepted = {
  readonly id: string
  /** Number of the host. */
  readonly host: number
  readonly expiresAt: EpochMs
}

export interface Calls {
  /** Asks until it is answered; what is refused is noted. */
  make(entry: Extract<Entry, { readonly kind: 'call' }>, signal: AbortSignal): Promise<void>
  readonly accepted: readonly Accepted[]
  /** What the controller would not do, in words. */
  readonly refused: readonly string[]
}

export type CallsOptions = {
  readonly api: Api
  /** The host of a number, as it enrolled. */
  readonly host: (number: number) => HostStatus | undefined
  /** Different in each run, so that the keys of one are not those of another. */
  readonly nonce: string
}

const PATIENCE_MS = 5 * MINUTE
const REASON = 'a scenario of simulated hosts'

export function createCalls({ api, host, nonce }: CallsOptions): Calls {
  const accepted: Accepted[] = []
  const refused: string[] = []
  return {
    accepted,
    refused,
    async make({ act, call, host: number }, signal) {
      const found = host(number)
      if (found?.host === undefined) {
        refused.push(`host ${number} has no name at the controller`)
        return
      }
      const asked = callFor(act, found.host, found)
      if (asked === undefined) return
      if (act.do === 'ask-amt') {
        // Whatever comes of it: the tunnel under it may have been cut on purpose.
        await api.ask(asked).catch(() => undefined)
        return
      }
      const answer = await api.insist({ ...asked, key: `${nonce}-${call}` }, PATIENCE_MS, signal)
      if (act.do === 'command' && answer.status === 202) accepted.push(acceptedOf(answer, number))
      else if (answer.status >= 300) refused.push(`${asked.method} ${asked.path}: ${answer.status} ${codeOf(answer)}`)
    },
  }
}

function callFor(act: CallAct, id: string, { amt, uuid }: HostStatus): Call | undefined {
  const hasAmt = amt === 'vpro' || amt === 'ism'
  const path = `/compute/hosts/${id}`
  switch (act.do) {
    case 'command': {
      const { section, name, input, expiresInMs } = act
      return { method: 'POST', path: `${path}/commands`, body: { section, name, input, expiresInMs, reason: REASON } }
    }
    case 'desire':
      return { method: 'PUT', path: `${path}/sections/${act.section}/desired`, body: { content: act.content } }
    case 'release':
      return { method: 'PUT', path: `${path}/release`, body: { note: REASON } }
    // Client control, which needs no certificate that these machines would have to trust.
    case 'activate-amt':
      if (!hasAmt) return undefined
      return {
        method: 'POST',
        path: `/oob/hosts/${id}/activation`,
        body: { state: 'provisioned', mode: 'ccm', reason: REASON },
      }
    case 'ask-amt':
      return hasAmt ? { method: 'GET', path: `/oob/mps/amt/hardwareInfo/${uuid}` } : undefined
  }
}

function acceptedOf({ body }: ApiAnswer, host: number): Accepted {
  const { id, expiresAt } = body as { id: string; expiresAt: string } // of the described answer to a command
  return { id, host, expiresAt: parseTime(expiresAt) ?? Number.POSITIVE_INFINITY }
}

function codeOf({ body }: ApiAnswer): string {
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
}
