// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { AmtKind } from '../../../../simulator/facts.ts'
import type { SimulatedHost } from '../../../../simulator/host.ts'
import { newHost, runOptions } from '../support.ts'

function hostWith(rpc: 2 | 3, amt: AmtKind = 'vpro'): SimulatedHost {
  for (let index = 1; index <= 100; index++) {
    const { host } = newHost({ index, amt })
    if (host.facts.amt.rpc === rpc) return host
  }
  throw new Error('no seed gives such a host')
}

const run = (host: SimulatedHost, ...args: string[]) => host.system.processes.run('rpc', args, runOptions)

describe.each([2, 3] as const)('the simulated rpc %s', major => {
  const json = major === 2 ? '-json' : '--json'

  it('describes the firmware as JSON', async () => {
    const host = hostWith(major)

    const { code, stdout } = await run(host, 'amtinfo', json)

    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      amt: host.facts.amt.version,
      sku: '16392',
      features: 'AMT Pro Corporate',
      uuid: host.facts.uuid,
      controlMode: major === 2 ? 'pre-provisioning state' : 'not activated',
      hostnameOS: host.facts.hostname,
    })
  })

  it('describes it as text', async () => {
    const { stdout } = await run(hostWith(major), 'amtinfo')

    expect(stdout).toMatch(/^Version\s+: \d+\.\d+\.\d+$/m)
    expect(stdout).toContain('---Wired Adapter---')
    expect(stdout).toMatch(/^SKU\s+: 16392$/m)
  })

  it('tells only what is asked for', async () => {
    const flag = major === 2 ? ['-ver', '-sku'] : ['--ver', '--sku']

    const { stdout } = await run(hostWith(major), 'amtinfo', json, ...flag)

    expect(Object.keys(JSON.parse(stdout)).sort()).toEqual(['amt', 'features', 'sku'])
  })

  it('finds nothing where there is no AMT', async () => {
    expect(await run(hostWith(major, 'none'), 'amtinfo', json)).toMatchObject({ code: 3, stdout: '' })
  })

  it('activates and deactivates, and the firmware remembers it across boots', async () => {
    const host = hostWith(major)
    const local = major === 2 ? ['-local', '-ccm'] : ['--local', '--ccm']
    const password = major === 2 ? '-password' : '--password'
    const mode = async (): Promise<string> => JSON.parse((await run(host, 'amtinfo', json)).stdout).controlMode

    expect(await run(host, 'activate', ...local)).toMatchObject({ code: 23 })
    expect(await run(host, 'activate', ...local, password, 'P@ssw0rd')).toMatchObject({ code: 0 })
    expect(await mode()).toContain('client control mode')
    host.faults.powerCut()
    host.power.press()
    expect(await mode()).toContain('client control mode')
    expect(await run(host, 'activate', ...local, password, 'P@ssw0rd')).toMatchObject({ code: 111 })
    expect(await run(host, 'deactivate', local[0] ?? '', password, 'P@ssw0rd')).toMatchObject({ code: 0 })
    expect(await mode()).not.toContain('client control mode')
  })

  it('wants an address and a profile before it goes anywhere', async () => {
    const host = hostWith(major)
    const [url, profile] = major === 2 ? ['-u', '-profile'] : ['--url', '--profile']

    expect(await run(host, 'activate', profile, 'p')).toMatchObject({ code: 20 })
    expect(await run(host, 'activate', url, 'wss://rps.example/activate')).toMatchObject({ code: 21 })
    expect(await run(host, 'activate', url, 'https://rps.example', profile, 'p')).toMatchObject({ code: 10 })
  })
})

describe('what the two versions of rpc differ in', () => {
  it('keeps the third from knowing flags with one dash', async () => {
    expect(await run(hostWith(3), 'amtinfo', '-json')).toMatchObject({ code: 5 })
  })

  it('makes the second tell its version on standard error, and only where it can reach the firmware', async () => {
    const result = await run(hostWith(2), 'version', '-json')
    expect(result.stdout).toBe('')
    expect(JSON.parse(result.stderr)).toMatchObject({ version: expect.stringMatching(/^2\./) })

    expect(await run(hostWith(2, 'none'), 'version', '-json')).toMatchObject({ code: 3 })
    expect(JSON.parse((await run(hostWith(3, 'none'), 'version', '--json')).stdout).version).toMatch(/^3\./)
  })

  it('has the firmware of Standard Manageability without a wireless part', async () => {
    const info = JSON.parse((await run(hostWith(2, 'ism'), 'amtinfo', '-json')).stdout)

    expect(info.sku).toBe('16400')
    expect(info.wirelessAdapter).toBeUndefined()
  })
})
