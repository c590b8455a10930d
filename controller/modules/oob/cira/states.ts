// SPDX-License-Identifier: Apache-2.0
/** What a device may say in each state of its connection, and the answers that are always the same. */
import { encode } from '../apf/encode.ts'
import { type Kind, SERVICE } from '../apf/messages.ts'
import { KEEPALIVE_OPTIONS } from './limits.ts'

/**
 * `version` → `auth` (service asked for) → `userauth` ⇄ `checking` → `forward` (service asked for) → `up`; `ended` from
 * everywhere. While a login is checked nothing more is read, and the budget of bytes bounds what may gather.
 */
export type State = 'version' | 'auth' | 'userauth' | 'checking' | 'forward' | 'up' | 'ended'

const AT_ANY_TIME: readonly Kind[] = ['disconnect']
const KEEPALIVE: readonly Kind[] = ['keepalive-request', 'keepalive-reply', 'keepalive-options-reply']

/** What a device may say in each state; anything else ends the connection. */
export const ALLOWED: Readonly<Record<State, ReadonlySet<Kind>>> = {
  version: new Set<Kind>(['protocol-version', ...AT_ANY_TIME]),
  auth: new Set<Kind>(['service-request', ...AT_ANY_TIME]),
  userauth: new Set<Kind>(['userauth-request', ...AT_ANY_TIME]),
  checking: new Set<Kind>(),
  // A login after the login is passed over (RFC 4252 §5.1).
  forward: new Set<Kind>(['service-request', 'userauth-request', ...KEEPALIVE, ...AT_ANY_TIME]),
  up: new Set<Kind>([
    'service-request',
    'userauth-request',
    'global-request',
    'channel-open',
    'channel-confirmation',
    'channel-failure',
    'window-adjust',
    'channel-data',
    'channel-close',
    ...KEEPALIVE,
    ...AT_ANY_TIME,
  ]),
  ended: new Set<Kind>(),
}

export const FIRST_BYTE_OF_GET = 0x47
const PAGE = 'Managed devices connect here; this is no web page.\n'

/** Written once, sent to everybody. */
export const ANSWERS = {
  acceptAuth: encode({ kind: 'service-accept', service: SERVICE.auth }),
  acceptForward: encode({ kind: 'service-accept', service: SERVICE.forward }),
  loginFailed: encode({ kind: 'userauth-failure', methods: 'password', partial: false }),
  loggedIn: encode({ kind: 'userauth-success' }),
  done: encode({ kind: 'request-success' }),
  refused: encode({ kind: 'request-failure' }),
  options: encode({ kind: 'keepalive-options-request', ...KEEPALIVE_OPTIONS }),
  page: Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${PAGE.length}\r\nConnection: close\r\n\r\n${PAGE}`,
  ),
} as const
