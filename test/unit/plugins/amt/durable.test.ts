// SPDX-License-Identifier: Apache-2.0
/** What the amt plugin makes of a machine that dies, forgets, or cannot do what was ordered; and of other orders. */
import { afterEach, describe, expect, it } from 'vitest'
import { LEDGER_PATH } from '../../../../plugins/amt/ledger.ts'
import { PLACEHOLDER } from '../../../../plugins/amt/said.ts'
import { HOUR, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { exited } from '../../../../simulator/processes.ts'
import { activates, log, newSite, ORDER, type Site, setFirmware } from './site.ts'

const sites: Site[] = []
const at = async (rpc: 2 | 3 = 2): Promise<Site> => {
  const site = await newSite(rpc)
  sites.push(site)
  return site
}
const verbs = (site: Site): string[] => site.runs.map(({ line }) => line.split(' ')[0] ?? '')
const times = (site: Site): number[] => site.runs.map(run => run.at)

afterEach(() => {
  for (const site of sites.splice(0)) {
    expect(site.fail).toBeUndefined()
    site.kill()
    site.host.close()
  }
})

describe('an agent that dies', () => {
  it('reads back first, and does not activate again what is activated', async () => {
    const site = await at()
    site.acts.activate = () => {
      setFirmware(site.host, 1, 'connected')
      site.kill()
      return new Promise(() => undefined)
    }
    await site.order(ORDER)
    expect(await site.ledger()).toMatchObject({ phase: 'activating', runs: 1 })
    await site.restart()

    expect(site.activation().status).toBe('activated')
    expect(verbs(site)).toEqual(['activate'])
  })

  it('waits until what it left running must be over before it tries again', async () => {
    const site = await at()
    site.acts.activate = () => {
      site.kill()
      return new Promise(() => undefined)
    }
    await site.order(ORDER)
    site.acts.activate = activates(() => site.host)
    await site.restart()
    expect(site.activation()).toMatchObject({
      status: 'waiting',
      message: 'the agent was stopped while rpc was running',
      nextTryAt: '2026-11-21T04:38:00.000Z',
    })
    await site.pass(7 * MINUTE)

    expect(site.activation().status).toBe('activated')
    expect(times(site)).toEqual([0, 420])
  })

  it('does not wait for that after a reboot, which ended it', async () => {
    const site = await at()
    site.acts.activate = () => {
      site.kill()
      site.host.faults.powerCut()
      return new Promise(() => undefined)
    }
    await site.order(ORDER)
    site.acts.activate = activates(() => site.host)
    site.host.power.press()
    await site.restart()
    expect(Date.parse(site.activation().nextTryAt ?? '') - Date.parse('2026-11-21T04:31:00Z')).toBeLessThan(3 * MINUTE)
  })

  it.each(['ordered', 'settling', 'recovering', 'activated', 'failed'])('goes on where it was: %s', async phase => {
    const site = await at()
    site.acts.activate = phase === 'activated' ? activates(() => site.host) : activates(() => site.host, 'connecting')
    if (phase === 'ordered') site.acts.activate = () => exited(10)
    if (phase === 'failed') site.acts.activate = () => exited(21)
    await site.order(ORDER)
    if (phase === 'recovering') await site.pass(3 * MINUTE)
    const before = site.activation()
    const runs = site.runs.length
    for (let life = 0; life < 5; life++) await site.restart()

    expect(site.activation()).toEqual(before)
    expect(site.runs).toHaveLength(runs)
  })

  it('activates once for one attempt however often it dies while rpc runs', async () => {
    const site = await at()
    let activations = 0
    site.acts.activate = () => {
      activations++
      setFirmware(site.host, 1, 'connecting')
      site.kill()
      return new Promise(() => undefined)
    }
    await site.order(ORDER)
    for (let life = 0; life < 10; life++) {
      await site.restart()
      await site.pass(5 * SECOND)
      site.kill()
    }
    setFirmware(site.host, 1, 'connected')
    await site.restart()
    await site.pass(3 * MINUTE)

    expect(activations).toBe(1)
    expect(site.activation().status).toBe('activated')
  })

  it('runs nothing it cannot write down', async () => {
    const site = await at()
    site.host.faults.diskFull(true)
    await site.order(ORDER)

    expect(site.fail).toMatchObject({ code: 'disk-full' })
    expect(site.runs).toEqual([])
    site.fail = undefined
  })

  it('is not held up by a clock that was set back', async () => {
    const site = await at()
    site.acts.activate = () => exited(10)
    await site.order(ORDER)
    site.host.faults.jumpClock(-24 * HOUR)
    site.acts.activate = activates(() => site.host)
    await site.pass(10 * MINUTE)

    expect(site.activation().status).toBe('activated')
  })
})

describe('a deactivation', () => {
  it('is verified by the firmware', async () => {
    const site = await at()
    await site.order(ORDER)
    await site.order({ ...ORDER, state: 'deactivated', attempt: 2 })

    expect(site.runs[1]?.line).toBe('deactivate -u wss://rps.example/activate')
    expect(site.runs[1]?.env).toMatchObject({ AMT_PASSWORD: PLACEHOLDER })
    expect(site.activation()).toMatchObject({ status: 'deactivated', goal: 'deactivated', attempt: 2 })
    expect(site.statuses.slice(-4)).toEqual(['idle', 'deactivating', 'settling', 'deactivated'])
  })

  it('is nothing to do for a machine that is not activated', async () => {
    const site = await at()
    await site.order({ ...ORDER, state: 'deactivated' })

    expect(site.activation().status).toBe('deactivated')
    expect(site.runs).toEqual([])
  })

  it('fails with the reason when the firmware stays activated', async () => {
    const site = await at()
    await site.order(ORDER)
    site.acts.deactivate = () => exited(0, '', log('info', 'Status: Device deactivated'))
    await site.order({ ...ORDER, state: 'deactivated', attempt: 2 })
    await site.pass(4 * HOUR)

    expect(site.activation()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('the firmware is still activated'),
    })
    expect(verbs(site).filter(verb => verb === 'deactivate')).toHaveLength(4)
  })
})

describe('a firmware that loses what was set up', () => {
  it('is activated again, the more slowly the more often it happens', async () => {
    const site = await at()
    await site.order(ORDER)
    for (let loss = 0; loss < 3; loss++) {
      setFirmware(site.host, 0, 'not connected')
      await site.pass(45 * MINUTE)
    }

    expect(verbs(site)).toEqual(['activate', 'activate', 'activate', 'activate'])
    const [, first = 0, second = 0, third = 0] = times(site)
    expect(first).toBe(600 + 120)
    expect(second - first).toBeGreaterThan(30 * 60)
    expect(third - second).toBeGreaterThan(30 * 60)
    expect(site.activation()).toMatchObject({ status: 'activated', attempt: 1 })
  })

  it('says why while it waits', async () => {
    const site = await at()
    await site.order(ORDER)
    setFirmware(site.host, 0, 'not connected')
    await site.pass(10 * MINUTE)

    expect(site.activation()).toMatchObject({ status: 'waiting', message: 'the firmware is no longer activated' })
  })

  it('is configured again when its tunnel was', async () => {
    const site = await at()
    await site.order(ORDER)
    setFirmware(site.host, 1, 'not connected', '')
    await site.pass(15 * MINUTE)

    expect(verbs(site)).toEqual(['activate', 'activate'])
  })

  it('is left alone while its tunnel is merely down', async () => {
    const site = await at()
    await site.order(ORDER)
    setFirmware(site.host, 1, 'connecting')
    await site.pass(6 * HOUR)

    expect(verbs(site)).toEqual(['activate'])
    expect(site.observed().firmware?.ras?.remote).toBe('connecting')
  })

  it('is left alone when nothing is ordered any more', async () => {
    const site = await at()
    await site.order(ORDER)
    await site.order(undefined)
    setFirmware(site.host, 0, 'not connected')
    await site.pass(6 * HOUR)

    expect(verbs(site)).toEqual(['activate'])
    expect(site.activation().status).toBe('idle')
  })
})

describe('an order that cannot be carried out', () => {
  it('waits for AMT to be switched on in the BIOS', async () => {
    const site = await at()
    site.host.faults.amtEnabled(false)
    await site.restart()
    await site.order(ORDER)
    expect(site.activation()).toMatchObject({ status: 'waiting', blocker: 'switched-off' })
    expect(site.runs).toEqual([])
    site.host.faults.amtEnabled(true)
    await site.pass(10 * MINUTE)

    expect(site.activation().status).toBe('activated')
  })

  it('waits for rpc to be installed', async () => {
    const site = await at()
    const rpc = site.host.programs.get('rpc')
    site.host.programs.delete('rpc')
    await site.restart()
    await site.order(ORDER)
    expect(site.activation()).toMatchObject({ status: 'waiting', blocker: 'no-rpc' })
    if (rpc !== undefined) site.host.programs.set('rpc', rpc)
    await site.pass(5 * MINUTE)

    expect(site.activation().status).toBe('activated')
  })

  it('waits while another program holds the management engine', async () => {
    const site = await at()
    site.host.faults.rpc.busy(3)
    await site.restart()
    await site.order(ORDER)
    expect(site.activation()).toMatchObject({ status: 'waiting', blocker: 'busy' })
    await site.pass(10 * MINUTE)

    expect(site.activation().status).toBe('activated')
  })

  it.each(['00000000-0000-0000-0000-000000000000', '03000200-0400-0500-0006-000700080009'])(
    'is refused for the UUID %s, which many machines share',
    async uuid => {
      const site = await at()
      const rpc = site.host.programs.get('rpc')
      site.host.programs.set('rpc', async call => {
        const result = (await rpc?.(call)) ?? exited(1)
        return { ...result, stdout: result.stdout.replace(site.host.facts.uuid, uuid) }
      })
      await site.restart()
      await site.order(ORDER)
      await site.pass(HOUR)

      expect(site.activation()).toMatchObject({ status: 'unsupported', blocker: 'bad-uuid' })
      expect(site.runs).toEqual([])
    },
  )

  it('loads the driver where there is an engine without one', async () => {
    const site = await at()
    const { programs } = site.host
    const rpc = programs.get('rpc')
    let loaded = false
    programs.set('modprobe', ({ args }) => {
      loaded = args.includes('mei_me')
      return exited(0)
    })
    programs.set('rpc', call =>
      loaded || rpc === undefined ? (rpc?.(call) ?? exited(1)) : exited(2, '', 'HECIDriverNotDetected'),
    )
    const { files } = site.host.system
    const list = files.list.bind(files)
    Object.assign(files, { list: async (path: string) => (path === '/sys/class/mei' && !loaded ? [] : list(path)) })
    await site.restart()
    await site.order(ORDER)

    expect(loaded).toBe(true)
    expect(site.activation().status).toBe('activated')
  })
})

describe('calling an order off', () => {
  it('ends the waiting', async () => {
    const site = await at()
    site.acts.activate = () => exited(10)
    await site.order(ORDER)
    await site.order(undefined)
    await site.pass(6 * HOUR)

    expect(site.activation()).toMatchObject({ status: 'idle', message: 'no longer ordered' })
    expect(site.runs).toHaveLength(1)
  })
})

describe('the ledger', () => {
  it('counts as none when it is not one', async () => {
    const site = await at()
    await site.host.system.files.replace(LEDGER_PATH, '{"format":1,"phase":')
    await site.restart()
    await site.order(ORDER)

    expect(site.activation().status).toBe('activated')
  })

  it('holds no secret', async () => {
    const site = await at()
    site.acts.activate = () => exited(0, '', log('error', `password=Hunter2! token: abc ${PLACEHOLDER}`))
    await site.order(ORDER)

    const text = (await site.host.system.files.text(LEDGER_PATH)) ?? ''
    expect(text).not.toContain('Hunter2')
    expect(text).not.toContain(PLACEHOLDER)
    expect(site.activation().message).not.toMatch(/Hunter2|abc/)
  })
})
