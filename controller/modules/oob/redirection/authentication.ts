// SPDX-License-Identifier: Apache-2.0
/** Our side of logging in to the redirection port: which kind, and the digest (RFC 2617 §3.2.2 with method POST). Pure. */
import { createHash } from 'node:crypto'
import type { Credentials } from '../ports.ts'
import { AUTH, authenticateFrame, type DeviceFrame, packStrings, unpackStrings } from './framing.ts'

const URI = '/RedirectionService'
const COUNT = '00000001'

export type LoginStep =
  | { readonly is: 'send'; readonly frame: Uint8Array }
  | { readonly is: 'done' }
  | { readonly is: 'failed'; readonly why: 'unauthorized' | 'no-common-kind' | 'protocol' }

type Reply = Extract<DeviceFrame, { kind: 'authenticated' }>

export interface Authentication {
  /** Asks which kinds the device takes. */
  query(): Uint8Array
  /** What follows from a reply of the device. */
  reply(reply: Reply): LoginStep
}

/** `cnonce` must be fresh. */
export function createAuthentication(credentials: Credentials, cnonce: string): Authentication {
  let asked: 'kinds' | 'challenge' | 'verdict' = 'kinds'
  const failed = (why: 'unauthorized' | 'no-common-kind' | 'protocol'): LoginStep => ({ is: 'failed', why })
  const send = (type: number, strings: readonly string[]): LoginStep => ({
    is: 'send',
    frame: authenticateFrame(type, packStrings(strings)),
  })
  const first = (offered: Uint8Array): LoginStep => {
    const { username, password } = credentials
    const kind = [AUTH.digest, AUTH.legacyDigest, AUTH.password].find(each => offered.includes(each))
    if (kind === undefined) return failed('no-common-kind')
    asked = kind === AUTH.password ? 'verdict' : 'challenge'
    if (kind === AUTH.password) return password.use(text => send(kind, [username, text]))
    return send(kind, [username, '', '', URI, '', '', '', ...(kind === AUTH.digest ? [''] : [])])
  }
  const answer = (type: number, data: Uint8Array): LoginStep => {
    const [realm, nonce, qop = ''] = unpackStrings(data)
    if (realm === undefined || nonce === undefined) return failed('protocol')
    asked = 'verdict'
    const { username } = credentials
    const digest = digestOf(credentials, { realm, nonce, cnonce, ...(type === AUTH.digest ? { qop } : {}) })
    return send(type, [username, realm, nonce, URI, cnonce, COUNT, digest, ...(type === AUTH.digest ? [qop] : [])])
  }
  return {
    query: () => authenticateFrame(AUTH.query, new Uint8Array(0)),
    reply: ({ status, type, data }) => {
      if (asked === 'kinds') return type === AUTH.query && status === 0 ? first(data) : failed('protocol')
      if (type === AUTH.query) return failed('protocol')
      if (status === 0) return { is: 'done' }
      if (asked === 'challenge' && status === 1) return answer(type, data)
      return failed('unauthorized')
    },
  }
}

type Challenge = {
  readonly realm: string
  readonly nonce: string
  readonly cnonce: string
  /** Missing for the kind without count and quality (RFC 2069). */
  readonly qop?: string
}

function digestOf({ username, password }: Credentials, { realm, nonce, cnonce, qop }: Challenge): string {
  const user = password.use(text => md5(`${username}:${realm}:${text}`))
  const act = md5(`POST:${URI}`)
  return md5(qop === undefined ? `${user}:${nonce}:${act}` : `${user}:${nonce}:${COUNT}:${cnonce}:${qop}:${act}`)
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}
