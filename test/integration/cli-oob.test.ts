// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management from the command line: a real controller, real agents, simulated firmware, every way to fail. */

import { spawn } from 'node:child_process'
import { createDecipheriv, createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { until } from '../support/controller.ts'
import type { Typed } from '../support/muster.ts'
import { type Floor, startFloor } from '../support/oob-floor.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'

const pfx = makeProvisioningPfx({ suffix: 'plant.example' })

/** Gives a program a terminal (util-linux). */
const SCRIPT = '/usr/bin/script'

let floor: Floor
const muster = (line: string, typed?: Typed) => floor.muster(line, typed)
const at = (file: string) => join(floor.desk.home, file)
const firmware = (name: string) => {
  const { amt } = floor.host(name)
  if (amt === undefined) throw new Error(`${name} has no AMT`)
  return amt
}

beforeAll(async () => {
  floor = await startFloor({ trustedRoots: [pfx.rootSha256] })
  await floor.signIn()
  await floor.join(await floor.test.joinToken(4), [
    { name: 'press-04', amt: 'vpro', model: 'line-controller', labels: { line: '4' } },
    { name: 'press-05', amt: 'vpro', model: 'line-controller', labels: { line: '4' } },
    { name: 'press-06', amt: 'ism', model: 'line-controller' },
    { name: 'panel-01', amt: 'none', labels: { line: '4' } },
  ])
})
afterAll(async () => floor.stop())

/** What a person agrees to beforehand. */
const agreeing: Typed = { answers: ['y'] }

describe('before anything is activated', () => {
  it('says of every machine whether it can be managed, and why not', async () => {
    const { out } = await muster('oob status')

    expect(out).toMatch(/^press-04 +vPRO +none +down +- +running +version 16/m)
    expect(out).toMatch(/^press-06 +ISM +none +down/m)
    expect(out).toMatch(/^panel-01 +none +- +down +- +running +rpc found no AMT/m)
  })

  it('chooses by what machines have, by label, by name, and by what is connected', async () => {
    const names = async (line: string) =>
      (await muster(`${line} -o json`)).json.items.map((each: any) => each.name).sort()

    expect(await names('oob status --has vpro')).toEqual(['press-04', 'press-05'])
    expect(await names('oob status --has none -l line=4')).toEqual(['panel-01'])
    expect(await names('oob status press-06 panel-01')).toEqual(['panel-01', 'press-06'])
    expect(await names('oob status --connected')).toEqual([])
    expect(await muster('oob status --has tpm')).toMatchObject({ code: 2 })
    expect(await muster('oob status press-04 -l line=4')).toMatchObject({ code: 2 })
  })

  it('says where machines dial in', async () => {
    const { json } = await muster('oob endpoint -o json')

    expect(json).toMatchObject({ kind: 'OutOfBandEndpoint', item: { address: '127.0.0.1', tunnels: 0 } })
    expect(json.item.root).toMatch(/^-----BEGIN CERTIFICATE-----/)
    expect((await muster('oob endpoint')).out).toContain(`machines dial  127.0.0.1:${json.item.port}`)
  })

  it.each(['features', 'logs', 'hardware', 'kvm', 'power', 'sol'])(
    'says that a machine is not there, and what to look at: %s',
    async verb => {
      const ended = await muster(`oob ${verb} press-04`)

      expect(ended).toMatchObject({ code: ended.err.includes('[amt-not-connected]') ? 7 : 4, out: '' })
      expect(ended.err).toMatch(/^error: .*(not connected|no such device)/m)
    },
  )

  it('has a machine look again', async () => {
    expect(await muster('oob detect press-04 --wait')).toMatchObject({
      code: 0,
      out: expect.stringContaining('succeeded'),
    })
    expect(await muster('oob detect -l line=4 --dry-run')).toMatchObject({
      code: 0,
      err: 'dry run: nothing was sent\n',
    })
  })
})

describe('names and lines that do not fit', () => {
  it.each([
    ['oob power nobody off -y', 4, 'name-unknown'],
    ['oob features nobody', 4, 'name-unknown'],
    ['oob power off -y', 2, 'usage'],
    ['oob power', 2, 'usage'],
    ['oob power press-04 explode -y', 4, 'name-unknown'],
    ['oob power press-04 off', 2, 'not-confirmed'],
    ['oob power press-04 off -y --expires soon', 2, 'usage'],
    ['oob activate press-04 --mode both -y', 2, 'usage'],
    ['oob activate press-04 -l line=4 -y', 2, 'usage'],
    ['oob activate -l line=5 -y', 4, 'name-unknown'],
    ['oob boot press-04 moon -y', 2, 'usage'],
    ['oob boot press-04 https -y', 2, 'usage'],
    ['oob boot press-04 pxe --url http://a/b -y', 2, 'usage'],
    ['oob boot press-04 pxe --path x -y', 2, 'usage'],
    ['oob features press-04 --kvm maybe', 2, 'usage'],
    ['oob features press-04 --consent some', 2, 'usage'],
    ['oob features press-04 press-05', 2, 'usage'],
    ['oob consent press-04 ask', 2, 'usage'],
    ['oob consent press-04 send 12', 2, 'usage'],
    ['oob consent press-04 request 123456', 2, 'usage'],
    ['oob password press-04', 2, 'usage'],
    ['oob password press-04 --rotate --current', 2, 'usage'],
    ['oob erase press-04', 2, 'usage'],
    ['oob erase press-04 --disks', 2, 'not-confirmed'],
    ['oob erase press-04 --disks --secure-erase', 2, 'usage'],
    ['oob ider press-04 --image a.iso --start soon', 2, 'usage'],
    ['oob ider press-04 --image a.iso --drive tape', 2, 'usage'],
    ['oob ider press-04 --stop', 4, 'name-unknown'],
    ['oob sol press-04 --for ever', 2, 'usage'],
    ['oob profile create', 2, 'usage'],
    ['oob profile create -f nothing.yaml', 6, 'file-unusable'],
    ['oob profile get nix', 4, 'not-found'],
    ['oob profile delete nix -y', 4, 'not-found'],
    ['oob domain create plant', 2, 'usage'],
    ['oob policy set', 2, 'usage'],
    ['oob session end 01JD2Z9B3Q8V5K7M4N6P0R2S4Y -y', 4, 'redirection-unknown'],
  ])('%s: %i %s', async (line, code, problem) => {
    expect(await muster(line)).toMatchObject({ code, out: '', err: expect.stringContaining(`[${problem}]`) })
  })

  it('is said once when it is not allowed anywhere', async () => {
    const { json } = await muster('access token create --name viewer --role viewer --expires 1h -o json')
    const ended = await muster('oob activate -l line=4 -y', { env: { MUSTER_TOKEN: json.item.token } })

    expect(ended).toMatchObject({ code: 5, out: '' })
    expect(ended.err.match(/not-allowed/g)).toHaveLength(1)
  })
})

describe('activation', () => {
  it('shows which machines it would be, and orders nothing', async () => {
    const dry = await muster('oob activate -l line=4 --mode ccm --dry-run')

    expect(dry.out.match(/^POST .*\/activation$/gm)).toHaveLength(3)
    expect(dry.out).toContain('{"state":"provisioned","mode":"ccm"}')
    expect((await muster('oob status -o json')).json.items.every((each: any) => each.wanted === undefined)).toBe(true)
  })

  it('goes on where one machine cannot, counts, and exits 9', async () => {
    const ended = await muster('oob activate -l line=4 --wait -y')

    expect(ended.code).toBe(9)
    expect(ended.out).toMatch(/^\[\d\/3\] ✓ press-04 \(host-[0-9a-f]+, simulated\) {2}AMT Activation Done$/m)
    expect(ended.out).toMatch(/^\[\d\/3\] ✓ press-05 /m)
    expect(ended.out).toMatch(/^\[\d\/3\] ✗ panel-01 .*AMT is not available: rpc found no AMT/m)
    expect(ended.err).toBe('Done: 2 succeeded, 1 failed\n')
  })

  it('fails for one machine with the reason', async () => {
    expect(await muster('oob activate panel-01 --wait -y')).toMatchObject({
      code: 9,
      err: expect.stringMatching(
        /^error: the machine did not become what was ordered: .*no AMT.* \[order-failed\]\ntry: /,
      ),
    })
    expect(await muster('oob activate press-06 --mode acm --wait -y')).toMatchObject({
      code: 9,
      err: expect.stringContaining('Standard Manageability'),
    })
  })

  it('stops waiting when the time is over, and says that it goes on', async () => {
    expect(await muster('oob activate press-06 --mode ccm --wait --timeout 5ms -y')).toMatchObject({
      code: 10,
      err: expect.stringContaining('[order-open]'),
    })
    expect((await muster('oob activate press-06 --wait -y')).code).toBe(0)
  })

  it('shows in the status, and lists outcomes for a program', async () => {
    const { out } = await muster('oob status --connected --read')
    expect(out).toMatch(/^press-04 +vPRO +ccm +up +on +running +AMT Activation Done/m)
    expect(out).toMatch(/^press-06 +ISM +ccm +up +on/m)

    const { json, code } = await muster('oob activate press-04 panel-01 --wait -y -o json')
    expect(code).toBe(9)
    expect(json).toMatchObject({
      kind: 'OutOfBandOutcomeList',
      items: expect.arrayContaining([
        expect.objectContaining({ name: 'press-04', ok: true }),
        expect.objectContaining({ name: 'panel-01', ok: false }),
      ]),
    })
  })
})

describe('power', () => {
  it('is read without an action, and a machine that is not there is told from one that is off', async () => {
    expect((await muster('oob power press-04')).out).toMatch(/^press-04 +on$/m)

    const many = await muster('oob power -l line=4 -o json')
    expect(many.code).toBe(9)
    expect(many.json.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'press-05', power: 'on', state: 2 }),
        expect.objectContaining({ name: 'panel-01', code: 'amt-not-connected' }),
      ]),
    )
  })

  it('asks first, goes off, is read back, and comes on', async () => {
    const off = await muster('oob power press-04 off --now --wait', agreeing)
    expect(off.asked).toEqual([
      expect.stringMatching(/^Power off: press-04 \(host-[0-9a-f]+, simulated\)\? \[y\/N\] $/),
    ])
    expect(off).toMatchObject({ code: 0, out: expect.stringContaining('Powered off') })
    expect(floor.host('press-04').power.on).toBe(false)
    expect((await muster('oob status press-04')).out).toMatch(/ off +(off|running) /)

    expect(await muster('oob power press-04 reset --wait -y')).toMatchObject({
      code: 9,
      err: expect.stringContaining('must be powered on first'),
    })
    expect((await muster('oob power press-04 on --wait -y')).out).toContain('Powered on')
    expect(floor.host('press-04').power.on).toBe(true)
  })

  it('is ordered without waiting, and says what no machine can do', async () => {
    expect(await muster('oob power press-05 reset --now -y')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^✓ press-05 .* ordered: /),
    })
    expect(await muster('oob power panel-01 off -y')).toMatchObject({
      code: 4,
      err: expect.stringContaining('[device-unknown]'),
    })
  })

  it('is an order that outlives whoever gave it', async () => {
    const orders = async () => ((await floor.test.call('GET', '/v1/audit')).text.match(/oob\.power/g) ?? []).length
    const before = await orders()
    const stop = new AbortController()
    const ended = muster('oob power press-05 off --now --wait -y', { signal: stop.signal })
    await until(orders, count => count > before)
    stop.abort(new Error('interrupted'))

    expect(await ended).toMatchObject({ code: 130, err: expect.stringContaining('detached') })
    await until(
      async () => floor.host('press-05').power.on,
      on => !on,
    )
    expect((await muster('oob power press-05 on --wait -y')).code).toBe(0)
  })
})

describe('firmware', () => {
  it('shows its features, and switches those that are named', async () => {
    expect((await muster('oob features press-04')).out).toMatch(/^KVM +on\nSOL +on\nIDER +off\nconsent +all\n/)
    expect(await muster('oob features press-04 --ider on --ocr on -y')).toMatchObject({
      code: 0,
      out: expect.stringContaining('KVM on, SOL on, IDER on, recovery on, consent all'),
    })
    expect((await muster('oob features press-04 -o json')).json.item).toMatchObject({
      IDER: true,
      KVM: true,
      ocr: true,
    })

    const many = await muster('oob features -l line=4 --ider on -y')
    expect(many).toMatchObject({ code: 9, err: 'Done: 2 succeeded, 1 failed\n' })
  })

  it('keeps logs, which read as tables', async () => {
    expect((await muster('oob logs press-04')).out).toMatch(/^TIME +SEVERITY +FROM +WHAT\n.*BIOS/)
    expect((await muster('oob logs press-04 --audit')).out).toMatch(/Security Admin +Provisioning Started/)
    const { json } = await muster('oob logs press-04 --audit --start 2 -o json')
    expect(json).toMatchObject({ kind: 'FirmwareAuditList', items: [{}, {}, {}] })
  })

  it('knows the hardware', async () => {
    expect((await muster('oob hardware press-04')).out).toMatch(/^machine +Simulated[\s\S]*^memory +BANK 0 16 GiB/m)
    expect((await muster('oob hardware press-04 -o json')).json.item.CIM_Chassis).toBeDefined()
  })

  it('boots once from somewhere else', async () => {
    expect(await muster('oob boot press-04 pxe -y')).toMatchObject({
      code: 0,
      out: expect.stringContaining('boots to pxe once'),
    })
    expect(await muster('oob boot press-04 https --url http://boot.example/a.efi -y')).toMatchObject({
      code: expect.any(Number),
    })
    expect(await muster('oob boot press-06 winre -y')).toMatchObject({
      code: 7,
      err: expect.stringContaining('[amt-unsupported]'),
    })
  })

  it('gets passwords that nobody is told', async () => {
    expect(await muster('oob password press-04 press-06 --rotate -y')).toMatchObject({
      code: 0,
      err: 'Done: 2 succeeded, 0 failed\n',
    })
    expect((await muster('oob features press-04')).code).toBe(0)

    const dry = await muster('oob password press-04 --rotate --mebx --dry-run')
    expect(dry.out).toContain('/amt/mebxPassword/')
  })

  it('says so when another password is in force, and takes the one that it is told', async () => {
    const { state } = firmware('press-05')
    const password = 'An0ther-password'
    state.adminHash = createHash('md5').update(`admin:${state.realm}:${password}`).digest('hex')
    await floor.test.call('DELETE', `/api/v1/devices/refresh/${floor.host('press-05').facts.uuid}`)
    const refused = await muster('oob features press-05')
    expect(refused).toMatchObject({ code: 9, err: expect.stringContaining('[amt-unauthorized]') })
    expect(refused.err).toContain('muster oob password <host> --current')

    expect(await muster('oob password press-05 --current')).toMatchObject({ code: 2 })
    writeFileSync(at('current.txt'), `${password}\n`)
    const told = `oob password press-05 --current --password-file ${at('current.txt')}`
    expect((await muster(`${told} --dry-run`)).out).not.toContain(password)
    expect(await muster(`${told} -y`)).toMatchObject({ code: 0 })
    expect((await muster('oob features press-05')).code).toBe(0)
  })

  it('erases for good only what is named twice', async () => {
    await floor.mustWork('oob features press-04 --erase on -y')
    const wrong = await muster('oob erase press-04 --disks', { answers: ['press-05'] })
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('--confirm press-04') })

    const dry = await muster('oob erase press-04 --disks --tpm --dry-run')
    expect(dry.out).toContain('{"secureEraseAllSSDs":true,"tpmClear":true}')

    expect(await muster('oob erase press-04 --disks --confirm press-04')).toMatchObject({
      code: 7,
      err: expect.stringContaining('[amt-unsupported]'),
    })
    const ended = await muster('oob erase press-04 --secure-erase', { answers: ['press-04'] })
    expect(ended.asked).toEqual([expect.stringContaining('Type press-04 to go on')])
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('erases the first disk') })
  })
})

describe('consoles', () => {
  /** Somebody at the machine has agreed to the next session. */
  const consent = () => {
    firmware('press-06').state.optIn.state = 3
  }

  it('need consent in client control mode, which somebody at the machine gives', async () => {
    const refused = await muster('oob sol press-06')
    expect(refused).toMatchObject({ code: 7, err: expect.stringContaining('[amt-consent-needed]') })
    expect(refused.err).toContain('muster oob consent')

    expect(await muster('oob consent press-06 request')).toMatchObject({
      code: 0,
      err: expect.stringContaining('send'),
    })
    const { code = '' } = firmware('press-06').state.optIn
    const wrong = code === '123456' ? '654321' : '123456'
    expect(await muster(`oob consent press-06 send ${wrong}`)).toMatchObject({
      code: 7,
      err: expect.stringContaining('[firmware-refused]'),
    })
    expect(await muster(`oob consent press-06 send ${code}`)).toMatchObject({ code: 0 })
    expect((await muster('oob features press-06')).out).toMatch(/^consent +all \(code was taken\)/m)
  })

  it('send what is piped in, and end when the answer falls silent', async () => {
    consent()
    const ended = await muster('oob sol press-06', { input: 'anna\rsecret\rhello there\r' })

    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(ended.out).toContain('login: anna')
    expect(ended.out).toContain('$ hello there\r\nhello there\r\n')
    expect(firmware('press-06').redirection.sol.typed).toBe('anna\rsecret\rhello there\r')
  })

  it('close after a time, or with their key', async () => {
    consent()
    expect(await muster('oob sol press-06 --for 300ms')).toMatchObject({ code: 0, out: expect.stringContaining('$ ') })
    consent()
    const keyed = await muster('oob sol press-06', { answers: [], input: 'ls\u001dnever' })
    expect(keyed).toMatchObject({ code: 0, err: expect.stringContaining('Ctrl-]') })
    expect(firmware('press-06').redirection.sol.typed).not.toContain('never')
  })

  it.skipIf(!existsSync(SCRIPT))('leave a real terminal as they found it, and send it Ctrl-C as a key', async () => {
    consent()
    const line = `stty -g; ${process.execPath} controller/cli/bin.js oob sol press-06; echo code $?; stty -g`
    const MUSTER_HOME = join(floor.desk.home, 'muster')
    const terminal = spawn(SCRIPT, ['-qec', line, '/dev/null'], { env: { ...process.env, MUSTER_HOME } })
    let shown = ''
    terminal.stdout.on('data', part => {
      shown += part
    })
    const ended = new Promise(resolve => terminal.on('close', resolve))
    const typed = () => firmware('press-06').redirection.sol.typed
    await until(
      async () => shown,
      text => /\$ $/.test(text),
    )
    terminal.stdin.write('\u0003stop')
    await until(
      async () => typed(),
      text => text.endsWith('\u0003stop'),
    )
    terminal.stdin.write('\u001d')
    await ended

    expect(shown).toContain('code 0')
    const modes = shown.match(/^[0-9a-f]+(:[0-9a-f]+){10,}/gm)
    expect(modes).toHaveLength(2)
    expect(modes?.[0]).toBe(modes?.[1])
  })

  it('are listed, refuse a second one, and can be ended', async () => {
    consent()
    const open = muster('oob sol press-06 --for 20s')
    const sessions = async () => (await muster('oob session ls -o json')).json.items
    const [session] = await until(sessions, (items: any[]) => items.length === 1)
    expect(session).toMatchObject({ mode: 'sol', kind: 'terminal' })
    expect(await muster('oob sol press-06 --for 1s')).toMatchObject({
      code: 7,
      err: expect.stringContaining('[redirection-busy]'),
    })

    expect(await muster(`oob session end ${session.id} -y`)).toMatchObject({ code: 0 })
    expect(await open).toMatchObject({ code: 9, err: expect.stringContaining('operator: tester') })
  })

  it('hand a viewer an address and a token', async () => {
    const { json } = await muster('oob kvm press-04 -o json')

    expect(json.item.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+\/relay\/webrelay\.ashx\?p=2&host=.*&mode=kvm$/)
    expect(json.item.token.split('.')).toHaveLength(3)
  })

  it('give a machine a drive, show how far it was read, and take it away', async () => {
    mkdirSync(join(floor.test.dir, 'blobs', 'images'), { recursive: true })
    writeFileSync(join(floor.test.dir, 'blobs', 'images', 'rescue.iso'), Buffer.alloc(2_048 * 4, 1))
    consent()
    await floor.mustWork('oob features press-06 --ider on -y')

    expect((await muster('oob ider press-06 --list')).out).toMatch(/^rescue\.iso +8\.0 KiB$/m)
    expect(await muster('oob ider press-06 --image nix.iso -y')).toMatchObject({
      code: 4,
      err: expect.stringContaining('images/nix.iso'),
    })
    const given = await muster('oob ider press-06 --image rescue.iso -y')
    expect(given).toMatchObject({ code: 0, err: expect.stringContaining('muster oob boot press-06 cd') })
    expect((await muster('oob ider press-06')).out).toMatch(/rescue\.iso +cd +serving/)
    expect(await muster('oob ider press-06 --stop')).toMatchObject({ code: 0 })
    expect((await muster('oob ider press-06')).out).toMatch(/rescue\.iso +cd +ended/)
  })
})

describe('records', () => {
  const write = (name: string, text: string) => {
    writeFileSync(at(name), text)
    return at(name)
  }

  it('are made, shown, changed and deleted, and never show a secret', async () => {
    const file = write(
      'lab.yaml',
      'profileName: lab\nactivation: ccmactivate\ngenerateRandomPassword: false\namtPassword: Str0ng!Password\nciraConfigName: default\ndhcpEnabled: true\ntags: [lab]\n',
    )
    const dry = await muster(`oob profile create -f ${file} --dry-run`)
    expect(dry.out).not.toContain('Str0ng')
    expect(await muster(`oob profile create -f ${file}`)).toMatchObject({ code: 0 })
    const shown = await muster('oob profile get lab')
    expect(shown.out).not.toContain('Str0ng')
    expect((await muster('oob profile ls')).out).toMatch(/^lab +ccmactivate +default/m)
    expect(await muster(`oob profile create -f ${file}`)).toMatchObject({
      code: 6,
      err: expect.stringContaining('already exists'),
    })

    expect(await muster('oob profile set lab -f -', { input: 'tags: [lab, line4]' })).toMatchObject({ code: 0 })
    expect((await muster('oob profile get lab -o json')).json.item).toMatchObject({
      tags: ['lab', 'line4'],
      activation: 'ccmactivate',
    })
    expect(await muster('oob profile delete lab -y')).toMatchObject({ code: 0 })
  })

  it('say place by place what does not fit', async () => {
    const ended = await muster('oob profile create -f -', { input: 'activation: sometimes' })

    expect(ended.code).toBe(6)
    expect(ended.err).toMatch(/^ {2}\/profileName: /m)
    expect(ended.err).toMatch(/^ {2}\/activation: /m)
    expect(await muster('oob profile create -f -', { input: '- a list' })).toMatchObject({ code: 6 })
  })

  it.each([
    [
      'wireless',
      'profileName: floor\nssid: plant\nauthenticationMethod: 6\nencryptionMethod: 4\npskPassphrase: "12345678"\n',
      'floor',
      { ssid: 'hall' },
    ],
    [
      'ieee8021x',
      'profileName: wired\nauthenticationProtocol: 0\npxeTimeout: 120\nwiredInterface: true\n',
      'wired',
      { pxeTimeout: 60 },
    ],
    [
      'cira',
      'configName: other\nmpsServerAddress: 10.0.0.9\nmpsPort: 4433\nusername: admin\npassword: P@ssw0rd12345678\ncommonName: 10.0.0.9\nserverAddressFormat: 3\nauthMethod: 2\nmpsRootCertificate: MIIB\nproxyDetails: ""\n',
      'other',
      { mpsPort: 4434 },
    ],
    [
      'proxy',
      'name: proxy1\naddress: proxy.example\ninfoFormat: 201\nport: 3128\nnetworkDnsSuffix: plant.example\n',
      'proxy1',
      { port: 8080 },
    ],
  ])('of the kind %s', async (kind, text, name, change) => {
    expect(await muster(`oob ${kind} create -f -`, { input: text })).toMatchObject({ code: 0, err: '' })
    expect((await muster(`oob ${kind} get ${name}`)).out).not.toContain('12345678')
    expect((await muster(`oob ${kind} ls -o name`)).out.split('\n')).toContain(name)
    expect(await muster(`oob ${kind} set ${name} -f -`, { input: JSON.stringify(change) })).toMatchObject({
      code: 0,
      err: '',
    })
    expect((await muster(`oob ${kind} get ${name} -o json`)).json.item).toMatchObject(change)
    expect(await muster(`oob ${kind} delete ${name} -y`)).toMatchObject({ code: 0 })
    expect((await muster(`oob ${kind} ls -o name`)).out.split('\n')).not.toContain(name)
  })

  it('in use are not deleted', async () => {
    expect(await muster('oob cira delete default -y')).toMatchObject({
      code: 6,
      err: expect.stringContaining('[request-refused]'),
    })
  })

  it('of domains take a certificate and its password', async () => {
    const file = at('plant.pfx')
    writeFileSync(file, Buffer.from(pfx.pfx, 'base64'))
    const right = write('pfx.txt', `${pfx.password}\n`)
    const wrong = write('other.txt', 'other\n')
    const create = `oob domain create plant --suffix plant.example --pfx ${file}`

    expect(await muster(`${create} --password-file ${wrong}`)).toMatchObject({
      code: 6,
      err: expect.stringContaining('[pfx-'),
    })
    expect(await muster(`${create} --password-file ${right} --dry-run`)).toMatchObject({
      code: 0,
      out: expect.stringContaining('"provisioningCert":"[secret]"'),
    })
    expect(await muster(`${create}`)).toMatchObject({ code: 2 })
    expect(await muster(create, { answers: [pfx.password] })).toMatchObject({ code: 0 })
    expect((await muster('oob domain ls')).out).toMatch(/^plant +plant\.example +20\d\d-/m)
    expect(
      await muster(`oob domain set plant --suffix plant.example --pfx ${file}`, { answers: [pfx.password] }),
    ).toMatchObject({ code: 0 })
    expect(await muster('oob domain delete plant -y')).toMatchObject({ code: 0 })
  })

  it('leave as a file that opens with the key that is printed', async () => {
    const file = at('default.enc')
    const { out, err } = await floor.mustWork(`oob profile export default_ccm -f ${file}`)

    expect(err).toContain(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const sealed = Buffer.from(readFileSync(file, 'utf8'), 'base64')
    const opening = createDecipheriv('aes-256-gcm', Buffer.from(out.trim(), 'base64'), sealed.subarray(0, 12))
    opening.setAuthTag(sealed.subarray(-16))
    const text = opening.update(sealed.subarray(12, -16), undefined, 'utf8') + opening.final('utf8')
    expect(parse(text)).toMatchObject({ name: 'default_ccm' })
    expect(await muster('oob profile export nix')).toMatchObject({ code: 4 })
  })
})

describe('rules', () => {
  it('are replaced as they were read, and not over the change of somebody else', async () => {
    const { out } = await muster('oob policy get')
    expect(out).toBe('rules: []\nversion: 0\n')
    expect(await muster('oob policy set -f - -y', { input: out })).toMatchObject({
      code: 0,
      out: 'rules: []\nversion: 1\n',
    })
    expect(await muster('oob policy set -f - -y', { input: out })).toMatchObject({
      code: 7,
      err: expect.stringContaining('[revision-mismatch]'),
    })
    expect(await muster('oob policy set -f - -y', { input: 'rules: 4' })).toMatchObject({ code: 6 })
  })
})

describe('a device that no agent speaks for', () => {
  const guid = '4c4c4544-0046-3610-8052-b3c04f4e3432'

  it('is meant by its GUID or its name', async () => {
    await floor.test.call('POST', '/api/v1/devices', { guid, hostname: 'lonely', tags: [] })

    expect((await muster(`oob status ${guid} -o json`)).json.items).toMatchObject([
      { name: 'lonely', guid, connected: false },
    ])
    expect(await muster('oob power lonely')).toMatchObject({
      code: 7,
      err: expect.stringContaining('[amt-not-connected]'),
    })
    expect((await muster('oob power lonely off --dry-run')).out).toContain(`/devices/${guid}/power`)
    expect(await muster('oob activate lonely -y')).toMatchObject({
      code: 4,
      err: expect.stringContaining('no agent speaks for lonely'),
    })
  })

  it('keeps an order until its time is over', async () => {
    expect(await muster(`oob power ${guid} on --expires 1s --wait -y`)).toMatchObject({ code: 9 })
  })
})

describe('profiles that machines were activated with', () => {
  it('are compared with what machines are, and put back', async () => {
    await floor.mustWork('oob drift repair press-04 -y')
    expect(await muster('oob drift check press-04')).toMatchObject({
      code: 0,
      out: expect.stringContaining('compliant'),
    })
    await floor.mustWork('oob features press-04 --sol off -y')
    expect(await muster('oob drift check press-04')).toMatchObject({
      code: 9,
      err: expect.stringMatching(/features: SOL .*\[machine-drifted\]\ntry: muster oob drift repair/),
    })
    expect((await muster('oob drift repair press-04 --dry-run')).out).toContain('would repair features')
    expect(await muster('oob drift repair press-04 --area features -y')).toMatchObject({
      code: 0,
      out: expect.stringContaining('compliant: repaired features'),
    })
    expect((await muster('oob drift ls --state compliant')).out).toMatch(/ compliant +default_ccm /)
    expect(await muster('oob drift ls --state odd')).toMatchObject({ code: 2 })
  })
})

describe('playbooks', () => {
  it('say what they would do, are run, and are told line by line', async () => {
    expect((await muster('oob playbook ls')).out).toMatch(/^diagnose +host\.read /m)
    const dry = await muster('oob playbook run diagnose press-04 --dry-run')
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('run read the power state') })
    expect((await muster('oob playbook run diagnose press-04 --wait -y')).out).toContain('done: ')
    const [run] = (await muster('oob playbook runs press-04 -o json')).json.items
    expect(run).toMatchObject({ playbook: 'diagnose', state: 'done' })
    expect((await muster(`oob playbook get ${run.id}`)).out).toMatch(/^state +done$/m)
    expect(await muster(`oob playbook cancel ${run.id}`)).toMatchObject({ code: 7 })
    expect(await muster('oob playbook run dance press-04 -y')).toMatchObject({
      code: 4,
      err: expect.stringContaining('[playbook-unknown]'),
    })
  })
})

describe('deactivation', () => {
  it('is asked for, read back, and takes the machine out of reach', async () => {
    expect(await muster('oob deactivate press-06')).toMatchObject({ code: 2 })
    expect(await muster('oob deactivate press-06 --reason move --wait', agreeing)).toMatchObject({
      code: 0,
      out: expect.stringContaining('AMT deactivated'),
    })
    expect(firmware('press-06').state.controlMode).toBe(0)
    expect(await muster('oob features press-06')).toMatchObject({ code: 7 })
  })
})
