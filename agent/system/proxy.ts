// SPDX-License-Identifier: Apache-2.0
/** Which connections go through a proxy, as the environment says. */
import { isIP } from 'node:net'
import { problem } from '../link/dial-problems.ts'
import type { DialTarget } from './system.ts'

export type ProxySettings = {
  /** Wins over the environment: `http://proxy:3128`. */
  readonly proxy?: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Chooses by HTTPS_PROXY and NO_PROXY, the lower-case spelling first. NO_PROXY lists, parted by commas or spaces, `*`,
 * names (which also mean what is below them; a leading dot or `*.` is ignored) and addresses, each with a port if
 * wanted. This machine itself is never reached through a proxy. Address ranges are not understood.
 * The returned function throws `proxy-refused` when the proxy is not named by an `http://` address.
 */
export function proxyRule({ proxy, env }: ProxySettings): (target: DialTarget) => URL | undefined {
  const named = proxy ?? firstOf(env, ['https_proxy', 'HTTPS_PROXY'])
  const exceptions = (firstOf(env, ['no_proxy', 'NO_PROXY']) ?? '').split(/[\s,]+/).filter(Boolean)
  return target => {
    if (named === undefined || isThisMachine(target.host)) return undefined
    return exceptions.some(exception => covers(exception, target)) ? undefined : addressOf(named)
  }
}

function firstOf(env: ProxySettings['env'], names: readonly string[]): string | undefined {
  return names.map(name => env[name]?.trim()).find(value => value !== undefined && value !== '')
}

function addressOf(named: string): URL {
  const text = named.includes('://') ? named : `http://${named}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' && url.hostname !== '') return url
  throw problem('proxy-refused', 'the proxy must be named as http://<host>:<port>')
}

function isThisMachine(host: string): boolean {
  const bare = withoutBrackets(host).toLowerCase()
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}

function covers(exception: string, { host, port }: DialTarget): boolean {
  if (exception === '*') return true
  const [name, onlyPort] = splitPort(exception.toLowerCase())
  if (onlyPort !== undefined && onlyPort !== port) return false
  const suffix = name.replace(/^\*?\./, '')
  const wanted = withoutBrackets(host).toLowerCase().replace(/\.$/, '')
  return suffix !== '' && (wanted === suffix || (isIP(wanted) === 0 && wanted.endsWith(`.${suffix}`)))
}

function splitPort(exception: string): readonly [string, number | undefined] {
  const bare = withoutBrackets(exception)
  if (isIP(bare) === 6) return [bare, undefined]
  const [, name = exception, port] = /^(.*):(\d+)$/.exec(exception) ?? []
  return [withoutBrackets(name), port === undefined ? undefined : Number(port)]
}

function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
