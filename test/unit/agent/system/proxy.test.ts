// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { proxyRule } from '../../../../agent/system/proxy.ts'

type Env = Readonly<Record<string, string>>
const choose = (env: Env, host: string, port = 443, proxy?: string): string | undefined =>
  proxyRule({ env, ...(proxy === undefined ? {} : { proxy }) })({ host, port })?.host

describe('a proxy', () => {
  it.each<[Env, string | undefined]>([
    [{}, undefined],
    [{ HTTPS_PROXY: '' }, undefined],
    [{ HTTPS_PROXY: 'http://up:3128' }, 'up:3128'],
    [{ https_proxy: 'http://low:3128', HTTPS_PROXY: 'http://up:3128' }, 'low:3128'],
    [{ HTTPS_PROXY: 'bare:3128' }, 'bare:3128'],
    [{ HTTP_PROXY: 'http://other:3128' }, undefined],
  ])('is chosen by %j', (env, expected) => {
    expect(choose(env, 'ctl.example')).toBe(expected)
  })

  it('of the configuration wins over the environment, and its exceptions still count', () => {
    const env = { HTTPS_PROXY: 'http://up:3128', NO_PROXY: 'plant.example' }

    expect(choose(env, 'ctl.example', 443, 'http://set:1')).toBe('set:1')
    expect(choose(env, 'plant.example', 443, 'http://set:1')).toBeUndefined()
  })

  it('keeps its user and password', () => {
    const proxy = proxyRule({ env: { HTTPS_PROXY: 'http://u:p@up:3128' } })({ host: 'ctl.example', port: 443 })

    expect([proxy?.username, proxy?.password]).toEqual(['u', 'p'])
  })

  it.each(['socks5://up:1080', 'https://up:3128', 'http://', ':::'])(
    'named as %s is a problem that does not repeat it',
    named => {
      expect(() => choose({ HTTPS_PROXY: named }, 'ctl.example')).toThrow(/http:\/\/<host>:<port>/)
    },
  )
})

describe('an exception', () => {
  it.each<[string, string, number, boolean]>([
    ['*', 'ctl.example', 443, true],
    ['ctl.example', 'ctl.example', 443, true],
    ['CTL.Example', 'ctl.example', 443, true],
    ['ctl.example', 'CTL.example.', 443, true],
    ['example', 'ctl.example', 443, true],
    ['.example', 'ctl.example', 443, true],
    ['*.example', 'ctl.example', 443, true],
    ['xample', 'ctl.example', 443, false],
    ['ctl.example', 'not-ctl.example', 443, false],
    ['ctl.example:8443', 'ctl.example', 8443, true],
    ['ctl.example:8443', 'ctl.example', 443, false],
    ['a, b  ctl.example,c', 'ctl.example', 443, true],
    ['10.0.0.1', '10.0.0.1', 443, true],
    ['10.0.0.1:443', '10.0.0.1', 443, true],
    ['0.0.1', '10.0.0.1', 443, false],
    ['10.0.0.0/8', '10.0.0.1', 443, false],
    ['fd00::1', 'fd00::1', 443, true],
    ['[fd00::1]', 'fd00::1', 443, true],
    ['[fd00::1]:443', '[fd00::1]', 443, true],
    ['[fd00::1]:444', 'fd00::1', 443, false],
    ['.', 'ctl.example', 443, false],
    ['', 'ctl.example', 443, false],
  ])('%j with %s:%i', (exceptions, host, port, direct) => {
    const env = { HTTPS_PROXY: 'http://up:3128', no_proxy: exceptions }

    expect(choose(env, host, port)).toBe(direct ? undefined : 'up:3128')
  })

  it.each(['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]'])('is always this machine: %s', host => {
    expect(choose({ HTTPS_PROXY: 'http://up:3128' }, host)).toBeUndefined()
  })
})
