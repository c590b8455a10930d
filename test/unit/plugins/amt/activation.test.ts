// SPDX-License-Identifier: Apache-2.0
/** How the amt plugin sets a machine up and takes that back, over everything that goes wrong on the way. */
import { afterEach, describe, expect, it } from 'vitest'
import { accept, begin, ended, judge } from '../../../../plugins/amt/judge.ts'
import { outcomeOf } from '../../../../plugins/amt/outcome.ts'
import { PLACEHOLDER } from '../../../../plugins/amt/said.ts'
import { HOUR, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { exited } from '../../../../simulator/processes.ts'
import { newHost } from '../../simulator/support.ts'
import { activates, DONE, log, newSite, ORDER, type Site, setFirmware } from './site.ts'

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

describe('without an order', () => {
  it('only looks, and keeps no ledger', async () => {
    const site = await at()
    await site.pass(2 * HOUR)

    expect(site.observed()).toMatchObject({ sku: 'amt' })
    expect(site.observed()).not.toHaveProperty('activation')
    expect(site.runs).toEqual([])
    expect(await site.ledger()).toBeUndefined()
  })
})

describe('an activation', () => {
  it('runs once, reads back, and says so', async () => {
    const site = await at()
    await site.order(ORDER)

    expect(site.activation()).toMatchObject({
      status: 'activated',
      goal: 'activated',
      attempt: 1,
      recoveries: 0,
      lastExit: 0,
    })
    expect(site.activation().message).toBe('activated in client control mode, its tunnel is connected')
    expect(site.statuses).toEqual(['idle', 'activating', 'settling', 'activated'])
    await site.pass(6 * HOUR)
    expect(verbs(site)).toEqual(['activate'])
  })

  it('speaks the command line of the second generation, without a secret on it', async () => {
    const site = await at(2)
    await site.order({ ...ORDER, trust: 'any', dnsSuffix: 'plant.example', friendlyName: 'press 7' })

    expect(site.runs[0]?.line).toBe(
      'activate -u wss://rps.example/activate -profile plant-ccm -d plant.example -name press 7 -n',
    )
    expect(site.runs[0]?.env).toMatchObject({ AMT_PASSWORD: PLACEHOLDER })
    expect(site.runs[0]?.env).not.toHaveProperty('HOSTNAME')
    expect(site.runs[0]?.line).not.toContain(PLACEHOLDER)
  })

  it('speaks the command line of the third generation', async () => {
    const site = await at(3)
    await site.order({ ...ORDER, trust: 'any', dnsSuffix: 'plant.example', friendlyName: 'press 7' })

    expect(site.runs[0]?.line).toBe(
      'activate --url wss://rps.example/activate --profile plant-ccm --dns plant.example --name press 7 --skip-cert-check',
    )
    expect(site.activation().status).toBe('activated')
  })

  it('hands the roots of the order to rpc as a file', async () => {
    const site = await at()
    const ca = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    await site.order({ ...ORDER, ca })

    const path = site.runs[0]?.env.SSL_CERT_FILE ?? ''
    expect(await site.host.system.files.text(path)).toBe(ca)
    expect(site.runs[0]?.line).not.toContain('-n')
  })

  it('starts the local service when it does not run, and does without it when there is none', async () => {
    const site = await at()
    site.host.faults.lms('masked')
    await site.order(ORDER)
    await site.pass(15 * MINUTE)
    expect(site.observed()).toMatchObject({ lms: 'running', activation: { status: 'activated' } })

    const bare = await at()
    bare.host.faults.lms('absent')
    await bare.order(ORDER)
    expect(bare.observed()).toMatchObject({ lms: 'absent', driver: 'loaded', activation: { status: 'activated' } })
  })

  it('waits for the tunnel for as long as a tunnel may take', async () => {
    const site = await at()
    site.acts.activate = activates(() => site.host, 'connecting')
    await site.order(ORDER)
    expect(site.activation()).toMatchObject({ status: 'settling', nextTryAt: expect.any(String) })

    await site.pass(60 * SECOND)
    setFirmware(site.host, 1, 'connected')
    await site.pass(60 * SECOND)

    expect(site.activation().status).toBe('activated')
    expect(verbs(site)).toEqual(['activate'])
  })

  it('needs no tunnel when the server set none up', async () => {
    const site = await at()
    site.acts.activate = () => {
      setFirmware(site.host, 1, 'not connected', '')
      return exited(
        0,
        '',
        `${log('info', 'Status: Client control mode.')}${log('info', 'CIRA: ')}${log('info', 'TLS: Configured')}`,
      )
    }
    await site.order(ORDER)

    expect(site.activation()).toMatchObject({
      status: 'activated',
      message: expect.stringContaining('without a tunnel'),
    })
  })

  it('takes over a machine that the same server has activated before', async () => {
    const site = await at()
    setFirmware(site.host, 2, 'connected', 'rps.example')
    await site.restart()
    await site.order(ORDER)

    expect(site.activation().status).toBe('activated')
    expect(site.runs).toEqual([])
  })

  it('does not take the work of another server for its own', async () => {
    const site = await at()
    setFirmware(site.host, 2, 'connected', 'elsewhere.example')
    await site.restart()
    await site.order(ORDER)

    expect(verbs(site)).toEqual(['activate'])
  })

  it('runs again when another attempt is ordered', async () => {
    const site = await at()
    await site.order(ORDER)
    await site.order({ ...ORDER, attempt: 2, profile: 'plant-acm' })

    expect(verbs(site)).toEqual(['activate', 'activate'])
    expect(site.activation()).toMatchObject({ status: 'activated', attempt: 2 })
  })
})

describe('a run that fails', () => {
  it.each([
    [
      '2',
      'an error of the server',
      log('error', 'Device 4c4c4544 activation failed. Error while adding the certificates to AMT.'),
    ],
    ['2', 'a bad status', log('info', 'Status: Failed to activate')],
    [
      '3',
      'a hollow success',
      `${log('error', 'Failed to activate in admin control mode.')}${log('info', 'Status: Device activated successfully via RPS')}`,
    ],
  ])('is not believed for its exit code 0 (generation %s, %s)', async (generation, _what, stderr) => {
    const site = await at(generation === '2' ? 2 : 3)
    site.acts.activate = () => exited(0, '', stderr)
    await site.order(ORDER)

    expect(site.activation()).toMatchObject({ status: 'recovering', recoveries: 1, lastExit: 0 })
    await site.pass(HOUR)
    expect(site.activation()).toMatchObject({ status: 'failed', recoveries: 3 })
    expect(verbs(site)).toEqual(['activate', 'activate', 'activate', 'activate'])
  })

  it('is not believed when the firmware does not show it', async () => {
    const site = await at()
    site.acts.activate = () => exited(0, '', DONE)
    await site.order(ORDER)
    expect(site.activation().status).toBe('settling')
    await site.pass(30 * SECOND)

    expect(site.activation()).toMatchObject({
      status: 'recovering',
      message: 'rpc said that it is done, but the firmware is not activated',
    })
  })

  it('succeeded all the same when the firmware shows it', async () => {
    const site = await at()
    site.acts.activate = () => {
      setFirmware(site.host, 1, 'connected')
      return exited(10, '', log('error', 'websocket: close 1006 (abnormal closure): unexpected EOF'))
    }
    await site.order(ORDER)

    expect(site.activation()).toMatchObject({ status: 'activated', lastExit: 10 })
  })

  it.each([
    ['an interrupted system call', exited(0, '', log('error', 'interrupted system call'))],
    ['exit code 10', exited(10)],
    ['a server out of reach', exited(10, '', log('error', 'dial tcp 192.0.2.1:443: connect: connection refused'))],
    [
      'a lost connection of the second generation',
      exited(0, '', log('error', 'error:websocket: close 1006 (abnormal closure)')),
    ],
    ['silence', exited(0)],
  ])('is tried again after waits that grow, for %s', async (_what, result) => {
    const site = await at()
    site.acts.activate = () => result
    await site.order(ORDER)
    expect(site.activation()).toMatchObject({ status: 'waiting', nextTryAt: expect.any(String), recoveries: 0 })
    await site.pass(5 * HOUR)

    const minutes = times(site).map(time => time / 60)
    const waits = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0))
    const [first = 0] = waits
    expect(first).toBeGreaterThanOrEqual(2)
    expect(first).toBeLessThan(2.5)
    expect(waits.map(wait => Math.round((wait / first) * 10) / 10)).toEqual(
      [1, 2, 4, 8, 16, 30, 30, 30].slice(0, waits.length),
    )
    expect(waits.length).toBeGreaterThanOrEqual(7)
    site.acts.activate = activates(() => site.host)
    await site.pass(2 * HOUR)
    expect(site.activation()).toMatchObject({ status: 'activated', recoveries: 0 })
  })

  it('is tried again by each machine in its own time', async () => {
    const waits = new Set<string | undefined>()
    for (const index of [11, 12, 13]) {
      const { host } = newHost({ index, amt: 'vpro' })
      const { uuid } = host.facts
      host.close()
      const firmware = { uuid, controlMode: 'none' as const }
      const seen = { firmware, now: 0, boot: 'b' }
      const begun = begin(accept(ORDER, undefined, 0), seen)
      const outcome = outcomeOf({ code: 10, stdout: '', stderr: '', late: false })
      waits.add(String(judge(ended(begun, outcome, 0), seen).next?.waitMs))
    }

    expect(waits.size).toBe(3)
  })

  it('is given up at once when the same again cannot help', async () => {
    const site = await at()
    const why = 'Device 4c4c4544 activation failed. plant-ccm does not match list of available AMT profiles.'
    site.acts.activate = () => exited(0, '', log('error', why))
    await site.order(ORDER)
    await site.pass(6 * HOUR)

    expect(site.activation()).toMatchObject({ status: 'failed', message: why })
    expect(site.runs).toHaveLength(1)
    site.acts.activate = activates(() => site.host)
    await site.order({ ...ORDER, attempt: 2 })
    expect(site.activation()).toMatchObject({ status: 'activated', attempt: 2 })
  })

  it('is stopped when it hangs, after six minutes', async () => {
    const site = await at()
    site.acts.activate = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    await site.order(ORDER)
    expect(site.activation().status).toBe('activating')
    await site.pass(6 * MINUTE - 1)
    expect(site.activation().status).toBe('activating')
    await site.pass(1)

    expect(site.activation()).toMatchObject({
      status: 'waiting',
      lastExit: -1,
      message: 'rpc did not end in time and was stopped',
    })
  })

  it('never takes a working machine down for a profile that does not exist', async () => {
    const site = await at()
    await site.order(ORDER)
    site.acts.activate = () => exited(21, '', log('error', 'missing or incorrect profile'))
    await site.order({ ...ORDER, attempt: 2, profile: 'none' })
    await site.pass(2 * HOUR)

    expect(site.activation()).toMatchObject({ status: 'failed', attempt: 2, lastExit: 21 })
    expect(verbs(site)).toEqual(['activate', 'activate'])
    expect(site.host.amt?.state.controlMode).toBe(1)
  })
})

describe('a recovery', () => {
  it('deactivates and activates when the tunnel is stuck, three times at most, then fails with the reason', async () => {
    const site = await at()
    site.acts.activate = activates(() => site.host, 'connecting')
    await site.order(ORDER)
    await site.pass(3 * MINUTE - 1)
    expect(site.activation()).toMatchObject({ status: 'settling', recoveries: 0 })
    await site.pass(1)
    expect(site.activation()).toMatchObject({
      status: 'recovering',
      recoveries: 1,
      message: 'the tunnel of the firmware is still connecting three minutes after rpc ended',
    })
    await site.pass(2 * HOUR)

    expect(verbs(site)).toEqual([
      'activate',
      'deactivate',
      'activate',
      'deactivate',
      'activate',
      'deactivate',
      'activate',
    ])
    // Three minutes of patience, n times 30 s before the deactivation, 2, 4, 8 minutes before the next activation.
    expect(times(site)).toEqual([0, 210, 330, 570, 810, 1_080, 1_560])
    expect(site.activation()).toMatchObject({
      status: 'failed',
      recoveries: 3,
      message: expect.stringContaining('given up after 3 recoveries: the tunnel of the firmware is still connecting'),
    })
    await site.pass(24 * HOUR)
    expect(site.runs).toHaveLength(7)
  })

  it('begins anew when another attempt is ordered', async () => {
    const site = await at()
    site.acts.activate = activates(() => site.host, 'connecting')
    await site.order(ORDER)
    await site.pass(2 * HOUR)
    site.acts.activate = activates(() => site.host)
    await site.order({ ...ORDER, attempt: 2 })

    expect(site.activation()).toMatchObject({ status: 'activated', attempt: 2, recoveries: 0 })
  })

  it('follows when the firmware does not accept the password', async () => {
    const site = await at()
    let tries = 0
    site.acts.activate = call => {
      if (tries++ > 0) return activates(() => site.host)(call)
      setFirmware(site.host, 1, 'not connected', '')
      return exited(0, '', log('error', 'Unable to authenticate with AMT'))
    }
    await site.order(ORDER)
    expect(site.activation()).toMatchObject({ status: 'recovering', message: 'Unable to authenticate with AMT' })
    await site.pass(10 * MINUTE)

    expect(verbs(site)).toEqual(['activate', 'deactivate', 'activate'])
    expect(site.activation()).toMatchObject({ status: 'activated', recoveries: 1 })
  })

  it('is not needed when the tunnel comes up after all, and then touches nothing', async () => {
    const site = await at()
    site.acts.activate = activates(() => site.host, 'connecting')
    await site.order(ORDER)
    await site.pass(3 * MINUTE)
    expect(site.activation().status).toBe('recovering')
    setFirmware(site.host, 1, 'connected')
    await site.pass(MINUTE)

    expect(site.activation().status).toBe('activated')
    expect(verbs(site)).toEqual(['activate'])
  })
})
