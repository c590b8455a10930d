// SPDX-License-Identifier: Apache-2.0
/** Whatever reaches the helper, it runs nothing but what its table says, spelled from what was signed. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { createDesk, type Desk } from '../../../../agent/helper/desk.ts'
import { DMI_FILES, VERBS, type Verb } from '../../../../agent/helper/inputs.ts'
import type { Programs } from '../../../../agent/helper/programs.ts'
import { TABLE } from '../../../../agent/helper/table.ts'
import type { Evidence } from '../../../../agent/helper/wire.ts'
import { silentLog } from '../../../../agent/log.ts'
import { openJournal } from '../../../../agent/state/journal.ts'
import { createSystem } from '../../../../agent/system/real.ts'
import type { System } from '../../../../agent/system/system.ts'
import { digestOf, signHead } from '../../../../provisioning/pki/signing.ts'
import { commandOf, desiredOf, type HelperStand } from '../../../support/helper.ts'
import { createInstallation, type Installation, NAMES } from '../identity/fixtures.ts'

type Call = { readonly name: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }

let installation: Installation
let stand: Pick<HelperStand, 'installation'>

beforeAll(async () => {
  installation = await createInstallation(Date.now() - 60_000)
  stand = { installation }
})

const GRANTS = JSON.stringify({
  grants: [
    { act: 'package.install', section: 'updates', packages: ['chrony', 'muster-*'] },
    { act: 'service.control', section: 'config', units: ['chrony.service'], do: ['restart'] },
    { act: 'file.put', section: 'config', roots: ['/etc/chrony/conf.d'] },
  ],
})

function deskWith(present: readonly string[] = []) {
  const calls: Call[] = []
  const written: string[] = []
  const programs: Programs = {
    managed: false,
    find: async name => (present.length === 0 || present.includes(name) ? `/usr/bin/${name}` : undefined),
    async run(name, args, { env = {} }) {
      calls.push({ name, args, env })
      return { code: 0, stdout: '', stderr: '' }
    },
  }
  const disk = new Map([
    ['/state/trust.json', JSON.stringify({ v: 1, ...NAMES, trust: installation.bundle() })],
    ['/helper.yaml', GRANTS],
  ])
  const real = createSystem({ env: {} })
  const files: System['files'] = {
    ...real.files,
    text: async path => disk.get(path),
    read: async path => (disk.has(path) ? Buffer.from(disk.get(path) ?? '') : undefined),
    link: async () => undefined,
    replace: async path => void written.push(path),
  }
  const journal = openJournal(':memory:', { now: () => Date.now() })
  const desk = createDesk({
    ...{ system: { ...real, files }, journal, programs, log: silentLog() },
    ...{ stateDir: '/state', configFile: '/helper.yaml', policyFile: '/policy.yaml' },
  })
  return { desk, calls, written }
}

async function ask(desk: Desk, verb: string, input: unknown, messages: readonly Evidence[] = []): Promise<any> {
  const line = Buffer.from(JSON.stringify({ v: 1, verb, input, messages }))
  return desk.answer(line, new AbortController().signal)
}

const ORDER = { state: 'activated', server: 'wss://rps.example/activate', profile: 'acm', attempt: 1 } as const
/** Everything that the controller could have ordered at once. */
const everything = (revision: number): Evidence[] => [
  desiredOf(stand, { activation: ORDER }, { section: 'amt', revision }),
  desiredOf(stand, { hostname: 'press-7' }, { section: 'os', revision }),
  desiredOf(stand, { packages: [{ package: 'chrony' }] }, { section: 'updates', revision }),
  desiredOf(
    stand,
    { unit: 'chrony.service', do: 'restart', files: [{ path: '/etc/chrony/conf.d/a.conf', content: 'x' }] },
    { section: 'config', revision },
  ),
  commandOf(stand, { section: 'power', name: 'reboot' }, { input: { message: 'Now' } }),
]

/** The only command lines that the messages above order, or that reading needs. */
const ALLOWED: readonly RegExp[] = [
  /^systemctl reboot --no-ask-password --message=Now$/,
  /^rpc (version --json|amtinfo --?json)$/,
  /^rpc (activate (-u|--url) wss:\/\/rps\.example\/activate (-profile|--profile) acm|deactivate (-u|--url) wss:\/\/rps\.example\/activate)$/,
  /^modprobe mei_me$/,
  /^systemctl (unmask|enable|start) --no-ask-password -- lms\.service$/,
  /^systemctl restart --no-ask-password -- chrony\.service$/,
  /^(hostnamectl --no-ask-password set-hostname|hostname) press-7$/,
  /^apt-get install --yes --quiet --no-install-recommends -o \S+ -o \S+ -- chrony$/,
  /^smartctl --json=c --all --nocheck=standby,0 -- \/dev\/(sd[a-z]{1,3}|nvme\d{1,3}(n\d{1,3})?|mmcblk\d{1,2})$/,
]

const word = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    ...[
      'activate',
      'deactivate',
      'version',
      'amtinfo',
      'v2',
      'v3',
      'acm',
      '-n',
      '--skip-cert-check',
      '; reboot',
      '$(id)',
    ],
    ...['wss://rps.example/activate', 'wss://evil.example', 'mei_me', 'lms.service', 'chrony.service', 'ssh.service'],
    ...['start', 'restart', 'stop', 'press-7', 'hostname', 'hostnamectl', 'chrony', '--allow-unauthenticated', 'sda'],
    ...['../../etc/passwd', '/etc/shadow', '/etc/chrony/conf.d/a.conf', '/etc/chrony/conf.d/../../shadow', '\0', '\n'],
    ...['/etc/hostname', 'eA==', 'cHJlc3MtNwo=', ...DMI_FILES],
  ),
)
const MEMBERS = [
  ...['do', 'style', 'order', 'password', 'module', 'hostname', 'by', 'unit', 'package', 'version', 'path', 'base64'],
  ...[
    'mode',
    'disk',
    'trust',
    'answer',
    'server',
    'profile',
    'dnsSuffix',
    'friendlyName',
    'anyCertificate',
    'ownRoots',
  ],
]
const value = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.boolean(),
    fc.integer(),
    fc.constant(null),
    fc.dictionary(fc.constantFrom(...MEMBERS), tie('value'), { maxKeys: 6 }),
  ),
})).value
const verbs = Object.keys(VERBS) as Verb[]

describe('the table', () => {
  it('has an act for every verb, and none is both open and able to change anything', () => {
    const open = verbs.filter(verb => TABLE[verb].authority === 'open')

    expect(Object.keys(TABLE).sort()).toEqual([...verbs].sort())
    expect(open.sort()).toEqual(['clock.ask', 'dmi.read', 'helper.greet', 'rpc.look', 'smart.read', 'trust.update'])
  })

  it('runs nothing without a signed message but what reads', async () => {
    const reads = /^(rpc (version|amtinfo) --?json|smartctl --json=c --all --nocheck=standby,0 -- \/dev\/\w+)$/
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...verbs), value, async (verb, input) => {
        const { desk, calls, written } = deskWith()

        await ask(desk, verb, input)

        for (const { name, args, env } of calls) {
          expect([name, ...args].join(' ')).toMatch(reads)
          expect(env).toEqual({})
        }
        expect(written).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  it('runs and writes only what was signed, whatever it is asked for', async () => {
    let revision = 0
    const { desk, calls, written } = deskWith(['apt-get', 'systemctl', 'rpc', 'modprobe', 'smartctl'])
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...verbs), value, async (verb, input) => {
        await ask(desk, verb, input, everything(++revision))
      }),
      { numRuns: 500 },
    )

    for (const { name, args } of calls) expect(ALLOWED.some(line => line.test([name, ...args].join(' ')))).toBe(true)
    for (const path of written) expect(['/etc/hostname', '/etc/chrony/conf.d/a.conf']).toContain(path)
  })

  it('runs each of them when it is asked for in the right words', async () => {
    const { desk, calls, written } = deskWith(['apt-get', 'systemctl'])
    const order = { server: ORDER.server, anyCertificate: false, ownRoots: false }
    const asked: [Verb, object][] = [
      ['rpc.act', { do: 'activate', style: 'v2', order: { ...order, profile: 'acm' } }],
      ['rpc.act', { do: 'deactivate', style: 'v3', order }],
      ['hostname.set', { hostname: 'press-7', by: 'hostname' }],
      ['service.control', { do: 'restart', unit: 'chrony.service' }],
      ['package.install', { package: 'chrony' }],
      ['file.put', { path: '/etc/chrony/conf.d/a.conf', base64: 'eA==' }],
      ['file.put', { path: '/etc/hostname', base64: Buffer.from('press-7\n').toString('base64'), mode: 0o644 }],
      ['power.reboot', {}],
    ]

    for (const [verb, input] of asked) expect(await ask(desk, verb, input, everything(1))).not.toHaveProperty('problem')

    expect(calls).toHaveLength(6)
    for (const { name, args } of calls)
      expect([name, ...args].join(' ')).toMatch(new RegExp(ALLOWED.map(each => each.source).join('|')))
    expect(written).toEqual(['/etc/chrony/conf.d/a.conf', '/etc/hostname'])
  })

  it('never reads a file that is not one of its few', async () => {
    await fc.assert(
      fc.asyncProperty(word, async path => {
        const { problem } = await ask(deskWith().desk, 'dmi.read', { path })

        expect(problem === undefined).toBe((DMI_FILES as readonly string[]).includes(path))
      }),
    )
  })

  it('answers any bytes with a problem and never rejects', async () => {
    const { desk } = deskWith()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
        expect(await desk.answer(bytes, new AbortController().signal)).toHaveProperty('problem.code', 'helper-request')
      }),
    )
  })
})

describe('a command', () => {
  it('is not used up while there is no program to do it with', async () => {
    const { desk, calls } = deskWith(['nothing'])
    const order = [commandOf(stand, { section: 'power', name: 'reboot' })]

    expect(await ask(desk, 'power.reboot', {}, order)).toMatchObject({ output: { code: -1 } })
    expect(await ask(desk, 'power.reboot', {}, order)).toMatchObject({ output: { code: -1 } })
    expect(calls).toEqual([])
  })

  it('of an epoch before the newest that was seen is stale', async () => {
    const { desk } = deskWith()
    const of = (epoch: number) => commandOf(stand, { section: 'power', name: 'reboot', epoch })

    expect(await ask(desk, 'power.reboot', {}, [of(3)])).toHaveProperty('output')
    expect(await ask(desk, 'power.reboot', {}, [of(2)])).toHaveProperty('problem.code', 'stale-epoch')
  })

  it('counts among others that do not', async () => {
    const { desk, calls } = deskWith()
    const bad = commandOf(stand, { section: 'power', name: 'reboot', host: 'host-0a0a0a0a' })
    const good = commandOf(stand, { section: 'power', name: 'reboot' })

    expect(await ask(desk, 'power.reboot', {}, [bad, good])).toHaveProperty('output')
    expect(calls).toHaveLength(1)
  })
})

describe('the time', () => {
  it('is believed only with a nonce that the helper gave', async () => {
    const { desk, calls } = deskWith()
    const head = { nonce: 'one-of-the-agents-own', now: new Date(Date.now() + 3_600_000).toISOString() }
    const { kid, privateKey } = installation.command
    const answer = { head, kid, sig: signHead('time', head, privateKey) }

    expect(await ask(desk, 'clock.step', { answer })).toHaveProperty('problem.code', 'not-authorized')
    expect(calls).toEqual([])
    expect(digestOf(head)).toHaveLength(43)
  })
})
