// SPDX-License-Identifier: Apache-2.0
/** A device without a tunnel is reached through the agent of its host, over streams of its session. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../agent/log.ts'
import { createClock } from '../../agent/system/clock.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { allPlugins, createCrew, type SimulatedAgent } from '../../simulator/crew.ts'
import { createFleet, type Fleet, type Member } from '../../simulator/fleet.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'

const PASSWORD = 'P@ssw0rd'
const [PLAIN, TLS_ONLY, DENYING, AGENTLESS] = [1, 2, 3, 4]

let test: TestController
let fleet: Fleet<SimulatedAgent>

beforeAll(async () => {
  test = await startTestController()
  const crew = createCrew({
    url: test.secureUrl,
    token: await test.joinToken(4),
    plugins: await allPlugins(),
    log: silentLog(),
    version: '0.0.0-test',
    config: { startJitterMs: 0 },
  })
  fleet = createFleet({
    count: 4,
    seed: 'agent-way',
    each: number => ({ amt: 'vpro', model: number === TLS_ONLY ? 'inference-tower' : 'vision-box' }),
    crew: {
      ...crew,
      async enlist(host, options) {
        if (host.facts.index === DENYING)
          await host.system.files.replace('/etc/muster-agent/policy.yaml', 'deny: ["amt/lms"]\n')
        return crew.enlist(host, options)
      },
    },
    clock: createClock(),
    random: systemRandom,
    log: silentLog(),
  })
  await fleet.start(() => undefined, new AbortController().signal)
  for (const member of fleet.members) await prepare(member)
}, 60_000)

afterAll(async () => {
  await fleet.stop()
  await test.stop()
})

const idOf = ({ enlisted }: Member<SimulatedAgent>): string => enlisted?.id ?? ''
const powerOf = (number: number) =>
  test.call('GET', `/api/v1/amt/power/state/${fleet.member(number).host.facts.uuid.toLowerCase()}`)

/** Its firmware is set up, and its row and password are there; it never dials in. */
async function prepare(member: Member<SimulatedAgent>): Promise<void> {
  const { amt, facts } = member.host
  if (amt === undefined) throw new Error('this host has no AMT')
  amt.state.controlMode = 2
  amt.state.optIn.required = 0
  amt.state.adminHash = createHash('md5').update(`admin:${amt.state.realm}:${PASSWORD}`).digest('hex')
  const body = { guid: facts.uuid.toLowerCase(), hostname: facts.hostname, password: PASSWORD }
  expect((await test.call('POST', '/api/v1/devices', body)).status).toBe(201)
  await test.until(idOf(member), host => host.presence.online)
}

const lmsCommands = async (number: number): Promise<any[]> => {
  const { body } = await test.call('GET', `/v1/projects/default/commands?host=${idOf(fleet.member(number))}&limit=100`)
  return body.commands.filter((each: { name: string }) => each.name === 'lms')
}

describe('a device whose host has an agent', () => {
  it('answers while the agent is online', async () => {
    expect(await powerOf(PLAIN)).toMatchObject({ status: 200, body: { powerstate: 2 } })
  })

  it('answers further reads over the stream that is open', async () => {
    const before = (await lmsCommands(PLAIN)).length

    const guid = fleet.member(PLAIN).host.facts.uuid.toLowerCase()
    const settings = await test.call('GET', `/api/v1/amt/generalSettings/${guid}`)

    expect(settings.status).toBe(200)
    expect((await lmsCommands(PLAIN)).length).toBe(before)
  })

  it('takes acts too, each over a stream of its own', async () => {
    const guid = fleet.member(PLAIN).host.facts.uuid.toLowerCase()

    const done = await test.call('POST', `/api/v1/amt/power/action/${guid}`, { action: 2 })

    expect(done.body).toMatchObject({ Body: { ReturnValue: 0 } })
  })

  it('is reached over TLS where its local ports take nothing else', async () => {
    expect(fleet.member(TLS_ONLY).host.amt?.mei.tlsEnforced).toBe(true)

    expect(await powerOf(TLS_ONLY)).toMatchObject({ status: 200, body: { powerstate: 2 } })
    expect((await lmsCommands(TLS_ONLY)).some(({ input }) => input.port === 16_993)).toBe(true)
  })

  it('is not reached when the owner of the machine forbids it', async () => {
    expect((await powerOf(DENYING)).status).toBe(404)

    const [command] = await lmsCommands(DENYING)
    expect(command).toMatchObject({ state: 'refused', problem: { code: 'local-policy' } })
  })

  it('is not reached when its local service does not run', async () => {
    const { host } = fleet.member(AGENTLESS)
    host.faults.lms('stopped')

    expect((await powerOf(AGENTLESS)).status).toBe(404)
    expect((await lmsCommands(AGENTLESS))[0]).toMatchObject({ state: 'failed', problem: { code: 'unreachable' } })

    host.faults.lms('running')
    expect((await powerOf(AGENTLESS)).status).toBe(200)
  })

  it('is not reached when the agent is gone, and is again when it is back', async () => {
    const member = fleet.member(AGENTLESS)
    expect((await powerOf(AGENTLESS)).status).toBe(200)
    member.host.faults.cut()
    await test.until(idOf(member), host => !host.presence.online)

    const gone = await powerOf(AGENTLESS)
    expect(gone.status).toBe(404)
    expect(gone.body.error).toBe('Device not found/connected. Please connect again using CIRA.')

    member.host.faults.restore()
    await test.until(idOf(member), host => host.presence.online, 20_000)
    expect((await powerOf(AGENTLESS)).status).toBe(200)
  }, 40_000)

  it('leaves every stream in the audit, its end as well when the session is lost', async () => {
    const member = fleet.member(PLAIN)
    expect((await powerOf(PLAIN)).status).toBe(200)
    member.host.faults.cut()

    const entries = await until(
      async () => (await test.call('GET', '/v1/audit?limit=500')).body.entries as any[],
      all =>
        all.filter(each => each.target === idOf(member) && each.action === 'oob.stream.opened').length ===
        all.filter(each => each.target === idOf(member) && each.action === 'oob.stream.closed').length,
    )

    expect(entries.filter(each => each.action === 'oob.stream.opened').length).toBeGreaterThan(2)
    member.host.faults.restore()
  })
})

describe('the command behind it', () => {
  it('is for no person to give', async () => {
    const answer = await test.call('POST', `/v1/projects/default/compute/hosts/${idOf(fleet.member(PLAIN))}/commands`, {
      section: 'amt',
      name: 'lms',
      input: { stream: '01JD0000000000000000000000', port: 16_992 },
      reason: 'to see whether it goes',
    })

    expect(answer).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
  })
})
