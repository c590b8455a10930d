// SPDX-License-Identifier: Apache-2.0
/** Every example that help shows is a line that works, and what it prints can be read by a program. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemRandom } from '../../agent/system/random.ts'
import { type Example, isNoun, type Noun, type Verb } from '../../controller/cli/grammar.ts'
import { grammar } from '../../controller/cli/nouns/grammar.ts'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { realClock } from '../../controller/system/clock.ts'
import { createSimulatedHost, type SimulatedHost } from '../../simulator/host.ts'
import { createWallClock } from '../../simulator/wall-clock.ts'
import { makeWorld, type World, writeWorldFiles } from '../support/cli-world.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { createDesk, type Desk, words } from '../support/muster.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'
import { sketchRepository } from '../support/repository.ts'
import { askIn, enrollWire, messageId, openWire, type WireSession } from '../support/wire-host.ts'

type Placed = { readonly path: string; readonly verb: Verb; readonly example: Example }
function examplesOf(nodes: readonly (Verb | Noun)[], path = ''): readonly Placed[] {
  return nodes.flatMap(node => {
    const here = `${path} ${node.name}`.trim()
    if (isNoun(node)) return examplesOf(node.verbs, here)
    return node.examples.map(example => ({ path: here, verb: node, example }))
  })
}

/** What leaves less behind for others comes last. */
const LAST = ['host revoke', 'logout', 'system restore']
const placed = [...examplesOf([...grammar.nouns, ...grammar.verbs])].sort(
  (a, b) => LAST.indexOf(a.path) - LAST.indexOf(b.path),
)

/** Verbs whose standard output has a form of its own. */
const OWN_FORM = ['host export', 'audit export', 'completion', 'help', 'events', 'oob sol']

let test: TestController
let desk: Desk
let session: WireSession
/** What press-04 is made of below its operating system. */
let machine: SimulatedHost
let answering: Promise<void>
let world: World
let over = false
const cwd = process.cwd()

beforeAll(async () => {
  desk = createDesk()
  sketchRepository(join(desk.home, 'repository'))
  const modules = { ...DEFAULT_MODULES, packages: { dir: join(desk.home, 'repository') } }
  test = await startTestController({ config: { modules } })
  process.chdir(desk.home)
  writeFileSync('token.txt', test.token)
  writeFileSync('password.txt', 'marble tuesday otter wheel\n')
  writeFileSync('windows.yaml', 'timeZone: Europe/Berlin\nwindows:\n  - { days: [sat], from: "22:00", to: "04:00" }\n')
  await mustWork([
    'login',
    test.secureUrl,
    '--ca-fingerprint',
    fingerprint(),
    '--token-file',
    'token.txt',
    '-c',
    'plant',
  ])
  writeFileSync('ca.pem', test.controller.root)
  machine = createSimulatedHost({
    seed: 'examples',
    index: 1,
    amt: 'vpro',
    model: 'line-controller',
    clock: createWallClock(realClock),
    random: systemRandom,
  })
  const press = await enrollWire(test, { hostname: 'press-04', serial: 'SN-4', uuid: machine.facts.uuid })
  await mustWork(['host', 'label', 'press-04', 'site=berlin', 'line=4', 'lab=yes'])
  world = await makeWorld(test, press.host)
  writeWorldFiles()
  session = await openWire(test, press)
  await session.birth()
  await session.publish('reported/power', {
    id: messageId(),
    revision: 0,
    status: 'settled',
    observed: { bootId: 'boot-1', canReboot: true },
    plugin: { name: 'power', version: '1.0.0' },
    at: new Date().toISOString(),
  })
  await session.next('/receipt')
  await activateFirmware()
  await session.publish('reported/amt', {
    id: messageId(),
    revision: 0,
    status: 'settled',
    observed: {
      sku: 'amt',
      why: 'version 16.1.35',
      retry: false,
      firmware: { version: '16.1.35', uuid: machine.facts.uuid, controlMode: 'ccm' },
    },
    plugin: { name: 'amt', version: '1.0.0' },
    at: new Date().toISOString(),
  })
  await session.next('/receipt')
  writeFileSync('policy.yaml', 'rules: []\n')
  writeFileSync('drift.yaml', 'clock: repair\n')
  writeFileSync('recovery.yaml', 'rules: []\n')
  for (const file of ['profile', 'domain', 'cira', 'wireless', 'ieee8021x', 'proxy'])
    writeFileSync(`${file}.yaml`, 'tags: [line4]\n')
  writeFileSync('amt.pfx', 'not looked at without being sent')
  writeFileSync('amt.txt', 'secret\n')
  writeFileSync('mebx.txt', 'secret\n')
  await mustWork(['view', 'save', 'line 4', 'line:4'])
  await mustWork(['webhook', 'create', 'http://127.0.0.1:9/muster', '--name', 'plant-log', '--type', 'lobby'])
  answering = answerAll()
  await mustWork(['audit', 'export', '-f', 'export.ndjson'])
  writeFileSync('audit.pub', (await mustWork(['audit', 'key'])).out)
  await mustWork(['system', 'backup', '-f', 'backup.db'])
})
afterAll(async () => {
  over = true
  await answering
  await session.end()
  machine.close()
  await test.stop()
  process.chdir(cwd)
  desk.remove()
})

const fingerprint = () => `sha256:${test.controller.rootFingerprint}`

async function mustWork(args: readonly string[]) {
  const ended = await desk.muster(args)
  if (ended.code !== 0) throw new Error(`muster ${args.join(' ')}: ${ended.err}`)
  return ended
}

/** The machine is activated by hand, as somebody does who sits at it, and its firmware dials in. */
async function activateFirmware(): Promise<void> {
  const url = `${test.secureUrl.replace('https', 'wss')}/activate`
  const args =
    machine.facts.amt.rpc === 2
      ? ['activate', '-u', url, '-profile', 'default_ccm', '-n']
      : ['activate', '--url', url, '--profile', 'default_ccm', '-n']
  const limits = { signal: new AbortController().signal, timeoutMs: 60_000, maxBytes: 1_048_576, env: {} }
  const ran = await machine.system.processes.run('rpc', args, limits)
  const look = () => test.call('GET', `/v1/projects/default/oob/status?guid=${machine.facts.uuid}`)
  await until(look, ({ body }) => body.lines?.[0]?.connected === true).catch(thrown => {
    throw new Error(`rpc said ${JSON.stringify(ran)}`, { cause: thrown })
  })
}

/** The host does at once what it is told. */
async function answerAll(): Promise<void> {
  while (!over) {
    const command = await session.next('/command/power', 200).catch(() => undefined)
    if (command === undefined) continue
    await session.publish('result', {
      id: messageId(),
      command: command.head.id,
      status: 'succeeded',
      output: { bootId: 'boot-2' },
      at: new Date().toISOString(),
    })
  }
}

/** Makes what an example speaks of, and answers what stands in for it in the line. */
const MADE: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  login: async () => ({
    ...(await somebody('otto', 'admin')),
    'https://ctl.example:8443': test.secureUrl,
    SECRET: (await test.controller.setupLink()).split('#')[1]!,
    'sha256:FINGERPRINT': fingerprint(),
  }),
  'person invite': () => somebody('anna'),
  'person disable': () => somebody('anna'),
  'person enable': () => somebody('anna'),
  'person rm': () => somebody('anna'),
  'role bind': () => somebody('anna'),
  'role bindings': () => somebody('anna'),
  'access explain': () => somebody('anna'),
  'role rm': async () => {
    await test.call('POST', '/v1/access/roles', { name: 'labeller', permissions: ['host.label'] })
    return {}
  },
  'role unbind': async () => {
    await somebody('anna')
    const binding = { principal: 'anna', role: 'viewer', scope: { project: 'default' } }
    return { 'b-0a1b2c3d': (await test.call('POST', '/v1/access/bindings', binding)).body.id }
  },
  'command get': async () => ({ '01JD2Z9B3Q8V5K7M4N6P0R2S4T': await commandTo('press-04') }),
  'command wait': async () => ({ '01JD2Z9B3Q8V5K7M4N6P0R2S4T': await commandTo('press-04') }),
  'command cancel': async () => {
    const away = await enrollWire(test, { serial: 'SN-AWAY' })
    return { '01JD2Z9B3Q8V5K7M4N6P0R2S4T': await commandTo(away.host) }
  },
  'section get': async () => setWindows(1),
  'section set': async () => setWindows(3),
  'section unset': async () => setWindows(1),
  'project rm': async () => {
    await mustWork(['project', 'create', 'berlin'])
    return {}
  },
  'token revoke': async () => {
    // An id may start with a dash, which the line below has no dashes for.
    for (;;) {
      const { json } = await mustWork(['token', 'create', '-o', 'json'])
      if (!json.item.id.startsWith('-')) return { AAAAAAAAAAAAAAAAAAAAAA: json.item.id }
    }
  },
  'oob sol': async () => {
    // Somebody at the machine has consented.
    if (machine.amt !== undefined) machine.amt.state.optIn.state = 3
    return {}
  },
  'oob wireless get': () =>
    makeRecord('wireless', {
      profileName: 'floor',
      ssid: 'plant',
      authenticationMethod: 6,
      encryptionMethod: 4,
      pskPassphrase: '12345678',
    }),
  'oob wireless set': () => MADE['oob wireless get']!(),
  'oob wireless delete': () => MADE['oob wireless get']!(),
  'oob ieee8021x get': () =>
    makeRecord('ieee8021x', {
      profileName: 'wired8021x',
      authenticationProtocol: 0,
      pxeTimeout: 120,
      wiredInterface: true,
    }),
  'oob ieee8021x set': () => MADE['oob ieee8021x get']!(),
  'oob proxy get': () =>
    makeRecord('proxy', {
      name: 'proxy1',
      address: 'proxy.example',
      infoFormat: 201,
      port: 3128,
      networkDnsSuffix: 'plant.example',
    }),
  'oob proxy set': () => MADE['oob proxy get']!(),
  'oob domain get': () => makeDomain(),
  'oob domain set': () => makeDomain(),
  'oob playbook get': async () => {
    await desk.muster(['oob', 'playbook', 'run', 'diagnose', 'press-04', '-y', '--wait'])
    const { body } = await test.call('GET', '/v1/projects/default/oob/playbook-runs')
    return { '01JD2Z9B3Q8V5K7M4N6P0R2S4Y': body.runs[0].id }
  },
  'update-run get': async () => ({ 'osupdaterun-1a2b3c4d': world.run }),
  'update-run rm': async () => ({ 'osupdaterun-1a2b3c4d': world.run }),
  'telemetry-profile get': async () => ({ 'telemetryprofile-1a2b3c4d': world.profile }),
  'telemetry-profile set': async () => ({ 'telemetryprofile-1a2b3c4d': world.profile }),
  'telemetry-profile rm': async () => ({ 'telemetryprofile-1a2b3c4d': world.profile }),
  'lobby accept': async () => ({ '01JD2Z9B3Q8V5K7M4N6P0R2S4W': await waitingMachine() }),
  'lobby reject': async () => ({ '01JD2Z9B3Q8V5K7M4N6P0R2S4W': await waitingMachine() }),
  'access token revoke': async () => {
    const { json } = await mustWork([
      'access',
      'token',
      'create',
      '--name',
      'x',
      '--role',
      'viewer',
      '--expires',
      '1h',
      '-o',
      'json',
    ])
    return { '01JD2Z9B3Q8V5K7M4N6P0R2S4X': json.item.id }
  },
}

/** Somebody who signs in with what is in `password.txt`; made once. */
async function somebody(name: string, role?: string): Promise<Record<string, string>> {
  const { body: made, status } = await test.call('POST', '/v1/access/people', {
    name,
    ...(role === undefined ? {} : { role }),
  })
  if (status !== 201) return {}
  const { body: invite } = await test.call('POST', `/v1/access/people/${made.id}/invite`)
  await test.call('POST', '/v1/access/invites', { secret: invite.secret, password: 'marble tuesday otter wheel' })
  return {}
}

async function makeRecord(kind: string, record: object): Promise<Record<string, string>> {
  await desk.muster(['oob', kind, 'create', '-f', '-'], { input: JSON.stringify(record) })
  return {}
}

async function makeDomain(): Promise<Record<string, string>> {
  const { pfx, password } = makeProvisioningPfx({ suffix: 'plant.example' })
  return makeRecord('domain', {
    profileName: 'plant',
    domainSuffix: 'plant.example',
    provisioningCert: pfx,
    provisioningCertPassword: password,
    provisioningCertStorageFormat: 'string',
  })
}

async function commandTo(host: string): Promise<string> {
  return (await mustWork(['command', 'run', host, 'power', 'reboot', '-o', 'name'])).out.trim()
}

async function setWindows(revisions: number): Promise<Record<string, string>> {
  await desk.muster(['section', 'unset', 'press-04', 'maintenance', '-y'])
  for (;;) {
    const content = {
      timeZone: 'Europe/Berlin',
      windows: [{ days: ['sun'], from: '01:00', to: `02:${10 + Math.floor(Math.random() * 49)}` }],
    }
    await desk.muster(['section', 'set', 'press-04', 'maintenance', '-f', '-'], { input: JSON.stringify(content) })
    const { json } = await mustWork(['section', 'get', 'press-04', 'maintenance', '-o', 'json'])
    if (json.item.revision >= revisions) return { '--if-match 3': `--if-match ${json.item.revision}` }
  }
}

async function waitingMachine(): Promise<string> {
  const token = await test.joinToken(1, { needsApproval: true })
  const { body } = await askIn(test, token, { serial: `SN-${messageId()}` })
  return body.request
}

async function lineOf({ path, example }: Placed): Promise<readonly string[]> {
  const made = await MADE[path]?.()
  let line = example.line.replace(/^muster /, '')
  for (const [stands, real] of Object.entries(made ?? {})) line = line.replaceAll(stands, real)
  return words(line)
}

describe.each(placed)('$example.line', each => {
  it('works', async () => {
    const ended = await desk.muster(await lineOf(each))

    expect(ended.err).not.toMatch(/^error:/m)
    expect(ended.code).toBe(0)
  })

  it('is readable for a program with -o json', async context => {
    const asks = /(^| )-o /.test(each.example.line)
    if (asks || OWN_FORM.includes(each.path) || (each.verb.writes === true && !each.example.line.includes('--dry-run')))
      return context.skip()
    const { out } = await mustWork([...(await lineOf(each)), '-o', 'json'])

    expect(JSON.parse(out)).toMatchObject({ apiVersion: 'v1', kind: expect.stringMatching(/^[A-Z][A-Za-z]+$/) })
  })
})
