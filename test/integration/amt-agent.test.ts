// SPDX-License-Identifier: Apache-2.0
/** The simulated `rpc` between a scripted activation server and a simulated firmware, and the plugin above it. */
import { createHash } from 'node:crypto'
import { Duplex } from 'node:stream'
import { connect as tlsConnect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ActivationOrder } from '../../plugins/amt/contract.ts'
import { outcomeOf } from '../../plugins/amt/outcome.ts'
import type { RunResult } from '../../plugins/contract/index.ts'
import type { SimulatedHost, SimulatedHostOptions } from '../../simulator/host.ts'
import { type RpsSession, type ScriptedRps, startScriptedRps } from '../support/rps-script.ts'
import { hostWithRpc, newSite, type Site } from '../unit/plugins/amt/site.ts'
import { never } from '../unit/simulator/support.ts'

let rps: ScriptedRps
const opened: { close(): void }[] = []

beforeEach(async () => {
  rps = await startScriptedRps()
})

afterEach(async () => {
  for (const each of opened.splice(0)) each.close()
  await rps.close()
  expect(rps.failures).toEqual([])
})

const CA = '/etc/ssl/rps.pem'

async function hostFor(rpc: 2 | 3, options: Partial<SimulatedHostOptions> = {}): Promise<SimulatedHost> {
  const { host } = hostWithRpc(rpc, options)
  opened.push(host)
  await host.system.files.replace(CA, rps.root)
  return host
}

function rpc(host: SimulatedHost, args: readonly string[], env: Record<string, string> = {}): Promise<RunResult> {
  const options = { signal: never, timeoutMs: 60_000, maxBytes: 1_048_576, env: { SSL_CERT_FILE: CA, ...env } }
  return host.system.processes.run('rpc', args, options)
}

const activate = (major: 2 | 3, ...more: string[]): string[] =>
  major === 2
    ? ['activate', '-u', rps.url, '-profile', 'plant', ...more]
    : ['activate', '--url', rps.url, '--profile', 'plant', ...more]

const COMPONENTS = {
  Activation: { Result: 'Success', Mode: 'CCM', Details: 'Activated' },
  WiredNetwork: { Result: 'Success', Details: 'Configured' },
  WirelessNetwork: { Result: 'NotApplicable' },
  CIRAConnection: { Result: 'Success', Details: 'Configured' },
}
const SUCCESS = {
  message: JSON.stringify({
    Status: 'Client control mode.',
    Network: 'Wired Network Configured.',
    CIRAConnection: 'Configured',
    TLSConfiguration: '',
    Components: COMPONENTS,
  }),
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

function post(body: string, authorization = ''): string {
  return `POST /wsman HTTP/1.1\r\nHost: 127.0.0.1:16992\r\nContent-Type: application/soap+xml; charset=utf-8\r\n${authorization}Content-Length: ${body.length}\r\n\r\n${body}`
}

const URI = 'http://intel.com/wbem/wscim/1'

function envelope(resource: string, action: string, body = ''): string {
  return `<?xml version="1.0"?><Envelope xmlns="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><Header><a:Action>${action}</a:Action><a:To>/wsman</a:To><w:ResourceURI>${resource}</w:ResourceURI><a:MessageID>0</a:MessageID><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><w:OperationTimeout>PT60S</w:OperationTimeout></Header><Body>${body}</Body></Envelope>`
}

/** One call, signed in as the account of the claim. */
async function call(session: RpsSession, body: string): Promise<string> {
  const refusal = await session.wsman(post(body))
  const [, realm, nonce] = /realm="([^"]*)".*?nonce="([^"]*)"/s.exec(refusal) ?? []
  const { username, password } = session.claim
  const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:00000001:ab:auth:${md5('POST:/wsman')}`)
  const digest = `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="/wsman", response="${response}", qop=auth, nc=00000001, cnonce="ab"\r\n`
  return session.wsman(post(body, digest))
}

/** Client control mode, as the server would set it up. */
async function setUp(session: RpsSession): Promise<void> {
  const settings = `${URI}/amt-schema/1/AMT_GeneralSettings`
  const reply = await call(session, envelope(settings, 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Get'))
  const [, realm] = /DigestRealm>([^<]+)</.exec(reply) ?? []
  const service = `${URI}/ips-schema/1/IPS_HostBasedSetupService`
  const input = `<h:Setup_INPUT xmlns:h="${service}"><h:NetAdminPassEncryptionType>2</h:NetAdminPassEncryptionType><h:NetworkAdminPassword>${md5(`admin:${realm}:P@ssw0rd`)}</h:NetworkAdminPassword></h:Setup_INPUT>`
  const done = await call(session, envelope(service, `${service}/Setup`, input))
  if (!/ReturnValue>0</.test(done)) throw new Error(`the firmware refused: ${done}`)
}

describe.each([2, 3] as const)('the simulated rpc %s and its server', major => {
  const json = major === 2 ? '-json' : '--json'

  it('begins with all it knows of the machine', async () => {
    const host = await hostFor(major)
    rps.scripts = [async session => session.send('success', SUCCESS)]

    await rpc(host, activate(major, major === 2 ? '-name' : '--name', 'press 7'))

    const { first, claim } = rps.sessions[0]!
    expect(Object.keys(first)).toEqual([
      'method',
      'apiKey',
      'appVersion',
      'protocolVersion',
      'status',
      'message',
      'fqdn',
      'payload',
      'tenantId',
    ])
    expect(first).toMatchObject({
      method: 'activate --profile plant',
      protocolVersion: '4.0.0',
      status: 'ok',
      message: 'ok',
    })
    expect(claim).toMatchObject({
      ver: host.facts.amt.version,
      build: host.facts.amt.build,
      sku: '16392',
      features: 'AMT Pro Corporate',
      uuid: host.facts.uuid,
      username: '$$OsAdmin',
      password: host.amt?.mei.localSystemAccount().password,
      currentMode: 0,
      hostname: host.facts.hostname,
      fqdn: 'plant.example',
      client: 'RPC',
      certHashes: [expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)],
      ipConfiguration: { dhcp: true, ipAddress: host.facts.nics[0]?.ipv4 },
      hostnameInfo: { dnsSuffixOS: 'plant.example', hostname: host.facts.hostname },
      friendlyName: 'press 7',
    })
    expect(claim.progressSupported).toBe(major === 2 ? true : undefined)
    expect(claim.lmsInstalled).toBe(major === 3 ? true : undefined)
  })

  it('carries requests to the firmware and replies back, until the firmware is activated', async () => {
    const host = await hostFor(major)
    rps.scripts = [
      async session => {
        await setUp(session)
        session.send('success', SUCCESS)
      },
    ]

    const result = await rpc(host, activate(major))

    expect(result).toMatchObject({ code: 0, stdout: '' })
    expect(host.amt?.state.controlMode).toBe(1)
    expect(outcomeOf({ ...result, late: false })).toMatchObject({ verdict: 'ok', tunnel: true })
    if (major === 2) expect(result.stderr).toMatch(/level=info msg="CIRA: Configured"/)
    else expect(result.stderr).toMatch(/level=info msg=" {2}Activation: +Activated \[CCM\]"/)
    const info = JSON.parse((await rpc(host, ['amtinfo', json])).stdout)
    expect(info.controlMode).toContain('client control mode')
  })

  it('answers heartbeats and prints progress', async () => {
    const host = await hostFor(major)
    rps.scripts = [
      async session => {
        session.send('heartbeat_request')
        expect(await session.next()).toMatchObject({ method: 'heartbeat_response', status: 'success' })
        session.send('progress', { message: 'configuring the network' })
        session.send('success', SUCCESS)
      },
    ]

    expect((await rpc(host, activate(major))).stderr).toContain('msg="configuring the network"')
  })

  it('ends as its generation does when the server sends an error', async () => {
    const host = await hostFor(major)
    rps.scripts = [
      async session =>
        session.send('error', {
          message: JSON.stringify({ Status: 'Device x activation failed. Missing DNS Suffix.' }),
        }),
    ]

    const result = await rpc(host, activate(major))

    expect(result.code).toBe(major === 2 ? 0 : 10)
    expect(result.stderr).toContain('level=error msg="Device x activation failed. Missing DNS Suffix."')
    expect(outcomeOf({ ...result, late: false }).verdict).toBe('refused')
  })

  it('ends as its generation does when the connection breaks', async () => {
    const host = await hostFor(major)
    rps.scripts = [async session => session.drop()]

    const result = await rpc(host, activate(major))

    expect(result.code).toBe(major === 2 ? 0 : 10)
    expect(outcomeOf({ ...result, late: false }).verdict).toBe('transient')
  })

  it('gives a message of more than 102,400 bytes up', async () => {
    const host = await hostFor(major)
    rps.scripts = [async session => session.send('progress', { message: 'x'.repeat(102_400) })]

    const result = await rpc(host, activate(major))

    expect(result.stderr).toContain('read limit exceeded')
    expect(result.code).toBe(major === 2 ? 0 : 10)
  })

  it('checks the certificate of the server unless told not to', async () => {
    const host = await hostFor(major)
    rps.scripts = [async session => session.send('success', SUCCESS)]

    const refused = await rpc(host, activate(major), { SSL_CERT_FILE: '/nowhere' })
    expect(refused).toMatchObject({ code: 10, stderr: expect.stringContaining('x509') })
    expect(rps.sessions).toHaveLength(0)
    const trusted = await rpc(host, activate(major, major === 2 ? '-n' : '--skip-cert-check'), {
      SSL_CERT_FILE: '/nowhere',
    })
    expect(trusted.code).toBe(0)
  })

  it('says when the server is out of reach', async () => {
    const host = await hostFor(major)
    host.faults.cut()

    const result = await rpc(host, activate(major))

    expect(result.code).toBe(10)
    expect(outcomeOf({ ...result, late: false }).verdict).toBe('transient')
  })

  it('wants a password for a firmware that has one, and puts it where the server reads it', async () => {
    const host = await hostFor(major)
    host.amt!.state.controlMode = 1
    rps.scripts = [
      async session => session.send('success', { message: JSON.stringify({ Status: 'Device deactivated' }) }),
    ]
    const args = ['deactivate', major === 2 ? '-u' : '--url', rps.url]

    expect(await rpc(host, args)).toMatchObject({ code: 23 })
    expect(await rpc(host, args, { AMT_PASSWORD: 'P@ss-w0rd' })).toMatchObject({ code: 0 })
    expect(rps.sessions[0]?.first.method).toBe('deactivate --password P@ss-w0rd')
    expect(rps.sessions[0]?.claim).toMatchObject({ currentMode: 1, password: 'P@ss-w0rd' })
  })

  it('dies, or loses its connection, at the message that a test names', async () => {
    const host = await hostFor(major)
    rps.scripts = [
      async session => {
        session.send('heartbeat_request')
        await session.next().catch(() => undefined)
        session.send('success', SUCCESS)
      },
    ]

    host.faults.rpc.kill(1, 'before')
    expect(await rpc(host, activate(major))).toMatchObject({ code: -1, stderr: 'it was ended by SIGKILL' })
    host.faults.rpc.clear()
    host.faults.rpc.cut(1, 'after')
    expect((await rpc(host, activate(major))).stderr).toContain('websocket: close 1006')
    host.faults.rpc.clear()
    host.faults.rpc.interrupt(1)
    expect(await rpc(host, activate(major))).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('interrupted system call'),
    })
    host.faults.rpc.busy(1)
    expect((await rpc(host, activate(major))).stderr).toContain('device or resource busy')
    expect((await rpc(host, activate(major))).code).toBe(0)
  })
})

describe('the third generation', () => {
  it('tells the result as JSON on request', async () => {
    const host = await hostFor(3)
    rps.scripts = [async session => session.send('success', SUCCESS)]

    const { stdout } = await rpc(host, activate(3, '--json'))

    expect(JSON.parse(stdout)).toMatchObject({ status: 'success', rps_server: rps.url, profile: 'plant' })
  })

  it('knows no maintenance', async () => {
    expect(await rpc(await hostFor(3), ['maintenance', 'syncip', '--url', rps.url])).toMatchObject({ code: 5 })
  })
})

describe('the second generation', () => {
  it.each([
    ['syncclock', 'maintenance -password secret --synctime'],
    ['syncip', 'maintenance -password secret --syncip'],
    ['synchostname', 'maintenance -password secret --synchostname'],
    ['syncdeviceinfo', 'maintenance -password secret --syncdeviceinfo'],
    ['changepassword', 'maintenance -password secret --changepassword N3w!'],
  ])('asks for maintenance: %s', async (task, method) => {
    const host = await hostFor(2)
    rps.scripts = [
      async session =>
        session.send('success', { message: JSON.stringify({ Status: `${task} completed succesfully` }) }),
    ]
    const more = task === 'changepassword' ? ['-static', 'N3w!'] : []

    const result = await rpc(host, ['maintenance', task, '-u', rps.url, '-password', 'secret', ...more])

    expect(result.code).toBe(0)
    expect(rps.sessions[0]?.first.method).toBe(method)
  })
})

describe('a firmware whose local ports speak TLS only', () => {
  const modern = { model: 'inference-tower' }

  /** The server's end of a TLS session that travels in messages. */
  function tlsOver(session: RpsSession): Duplex {
    const stream = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        session.send('tls_data', { payload: chunk.toString('base64') })
        done()
      },
    })
    void (async () => {
      for (;;) {
        const message = await session.next().catch(() => undefined)
        if (message === undefined) return stream.push(null)
        if (message.method === 'tls_data') stream.push(Buffer.from(message.payload, 'base64'))
      }
    })()
    return tlsConnect({ socket: stream, rejectUnauthorized: false })
  }

  it('is reached by TLS from end to end', async () => {
    const host = await hostFor(3, modern)
    expect(host.amt?.mei.tlsEnforced).toBe(true)
    let reply = ''
    rps.scripts = [
      async session => {
        expect(session.claim).toMatchObject({ tlsEnforced: true })
        const tls = tlsOver(session)
        tls.write(post('<x/>'))
        for await (const chunk of tls) {
          reply += chunk
          if (reply.includes('\r\n\r\n')) break
        }
        session.send('success', SUCCESS)
      },
    ]

    expect(await rpc(host, activate(3))).toMatchObject({ code: 0 })
    expect(reply).toMatch(/^HTTP\/1\.1 401/)
  })

  it('is reached through the local service only', async () => {
    const host = await hostFor(3, modern)
    host.faults.lms('stopped')

    expect(await rpc(host, activate(3))).toMatchObject({ code: 139 })
  })

  it('switches ports when the server says so', async () => {
    const host = await hostFor(3)
    rps.scripts = [
      async session => {
        session.send('port_switch', { payload: JSON.stringify({ port: '16993', delay: 0 }) })
        expect(await session.next()).toMatchObject({ method: 'port_switch_ack', status: 'ok' })
        session.send('success', SUCCESS)
      },
    ]

    expect(await rpc(host, activate(3))).toMatchObject({ code: 0 })
  })
})

describe('the plugin over all of this', () => {
  async function siteFor(major: 2 | 3): Promise<{ readonly site: Site; readonly order: ActivationOrder }> {
    const site = await newSite(major, {}, { scripted: false })
    opened.push({
      close() {
        site.kill()
        site.host.close()
      },
    })
    const order: ActivationOrder = { state: 'activated', server: rps.url, profile: 'plant', attempt: 1, ca: rps.root }
    return { site, order }
  }

  const settled = (site: Site, status: string): Promise<void> =>
    vi.waitFor(() => expect(site.activation().status).toBe(status), { timeout: 10_000 })

  const NO_TUNNEL = {
    message: JSON.stringify({
      Status: 'Client control mode.',
      Network: 'Configured',
      CIRAConnection: '',
      TLSConfiguration: '',
    }),
  }

  it.each([2, 3] as const)('activates a machine (generation %s)', async major => {
    const { site, order } = await siteFor(major)
    rps.scripts = [
      async session => {
        await setUp(session)
        session.send('success', NO_TUNNEL)
      },
    ]
    await site.order(order)
    await settled(site, 'activated')

    expect(site.host.amt?.state.controlMode).toBe(1)
    expect(rps.sessions).toHaveLength(1)
    expect(site.host.amt?.state.counters.activationWrites).toBe(1)
  })

  it('finds a machine activated whose connection broke before anybody was told', async () => {
    const { site, order } = await siteFor(2)
    rps.scripts = [
      async session => {
        await setUp(session)
        session.drop()
      },
      async session => session.send('success', NO_TUNNEL),
    ]
    await site.order(order)
    await settled(site, 'waiting')
    await site.pass(150_000)
    await settled(site, 'activated')

    expect(site.host.amt?.state.counters.activationWrites).toBe(1)
    expect(rps.sessions[1]?.claim.currentMode).toBe(1)
  })

  it('goes on when the network comes back', async () => {
    const { site, order } = await siteFor(3)
    site.host.faults.cut()
    rps.scripts = [
      async session => {
        await setUp(session)
        session.send('success', NO_TUNNEL)
      },
    ]
    await site.order(order)
    await settled(site, 'waiting')
    site.host.faults.restore()
    await site.pass(150_000)

    await settled(site, 'activated')
  })
})

describe('a management engine and its host', () => {
  it('keeps its state on the machine, whatever becomes of the disk', async () => {
    const host = await hostFor(2)
    expect(await rpc(host, ['activate', '-local', '-ccm', '-password', 'P@ssw0rd'])).toMatchObject({ code: 0 })
    const copy = host.faults.clone({ index: host.facts.index + 1 })
    opened.push(copy)

    expect(host.amt?.state.controlMode).toBe(1)
    expect(copy.amt?.state.controlMode ?? 0).toBe(0)
  })

  it('outlives the operating system, which it switches', async () => {
    const { host, clock } = hostWithRpc(2, { bootMs: 1_000 })
    opened.push(host)
    const { amt } = host
    host.power.lose('shutdown')
    expect(amt?.power.state()).toBe(8)

    amt?.power.press()
    await clock.advance(1_000)
    expect(host.power.on).toBe(true)
    expect(host.power.bootCount).toBe(2)
    amt?.power.press()
    expect(host.power.on).toBe(false)
    expect(amt?.power.state()).toBe(8)
    host.power.press()
    expect(amt?.power.state()).toBe(2)
  })

  it('is not made for those who only look', async () => {
    const random = vi.fn((bytes: number) => new Uint8Array(bytes))
    const host = await hostFor(2, { engine: { random } })
    await rpc(host, ['amtinfo', '-json'])
    expect(random).not.toHaveBeenCalled()

    expect(host.amt).toBeDefined()
    expect(random).toHaveBeenCalled()
  })
})
