// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:tls'
import forge from 'node-forge'
import { beforeAll, describe, expect, it } from 'vitest'
import { passwordHash } from '../../../../simulator/amt/digest.ts'
import { createAmtFaults } from '../../../../simulator/amt/faults.ts'
import type { AmtMachineOptions } from '../../../../simulator/amt/machine.ts'
import { TestConsole } from './console.ts'
import { activated, factoryNew, PASSWORD, type Setup } from './machines.ts'

type Party = { pem: string; key: string; subject: forge.pki.CertificateField[] }
const USAGE = '2.16.840.1.113741.1.2.3'
let root: Party
let middle: Party
let leaf: Party
let roots: string[]

function issue(name: string, issuer: Party | undefined, usage?: string): Party {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString())
  certificate.serialNumber = `01${randomBytes(6).toString('hex')}`
  certificate.validity.notBefore = new Date(Date.UTC(2025, 0, 1))
  certificate.validity.notAfter = new Date(Date.UTC(2035, 0, 1))
  const subject = [{ name: 'commonName', value: name }]
  certificate.setSubject(subject)
  certificate.setIssuer(issuer?.subject ?? subject)
  certificate.setExtensions(
    usage === undefined ? [{ name: 'basicConstraints', cA: true }] : [{ name: 'extKeyUsage', [usage]: true }],
  )
  certificate.sign(forge.pki.privateKeyFromPem(issuer?.key ?? key), forge.md.sha256.create())
  return { pem: forge.pki.certificateToPem(certificate), key, subject }
}

beforeAll(() => {
  root = issue('Simulated Provisioning Root', undefined)
  middle = issue('Simulated Provisioning CA', root)
  leaf = issue('amt.plant.example', middle, USAGE)
  roots = [createHash('sha256').update(new X509Certificate(root.pem).raw).digest('hex')]
})

function setup(options: Partial<AmtMachineOptions> = {}): Setup {
  return factoryNew({ dnsSuffix: 'plant.example', trustedRoots: roots, ...options })
}

async function present(console: TestConsole, chain: Party[]): Promise<string[]> {
  const values: string[] = []
  for (const [index, { pem }] of chain.entries()) {
    const der = pem.replace(/-----[^-]+-----|\s/g, '')
    const last = index === chain.length - 1
    const said = await console.say(console.ips.HostBasedSetupService.AddNextCertInChain(der, index === 0, last))
    values.push(said.body.AddNextCertInChain_OUTPUT.ReturnValue)
  }
  return values
}

async function nonces(console: TestConsole, key: string): Promise<{ mine: string; signature: string }> {
  const { body } = await console.say(console.ips.HostBasedSetupService.Get())
  const mine = randomBytes(20)
  const both = Buffer.concat([Buffer.from(body.IPS_HostBasedSetupService.ConfigurationNonce, 'base64'), mine])
  return { mine: mine.toString('base64'), signature: sign('RSA-SHA256', both, key).toString('base64') }
}

async function adminSetup(console: TestConsole, chain: Party[], key = chain[0]!.key): Promise<string> {
  await console.say(console.ips.HostBasedSetupService.Get())
  await present(console, chain)
  const { mine, signature } = await nonces(console, key)
  const hash = passwordHash('admin', console.realm, PASSWORD)
  const said = await console.say(console.ips.HostBasedSetupService.AdminSetup(2, hash, mine, 2, signature))
  return said.body.AdminSetup_OUTPUT.ReturnValue
}

describe('admin control', () => {
  it('is given to a chain that fits and a leaf that signed both nonces', async () => {
    const { console, machine } = setup()

    expect(await adminSetup(console, [leaf, middle, root])).toBe('0')

    expect(machine.mei.controlMode()).toBe(2)
    expect(machine.state.counters.activationWrites).toBe(1)
    const admin = new TestConsole(() => machine.lms(16992), 'admin', PASSWORD)
    expect((await admin.say(admin.amt.GeneralSettings.Get())).status).toBe(200)
  })

  it.each([
    ['an unknown root', { trustedRoots: ['00'.repeat(32)] }, '2063'],
    ['another domain', { dnsSuffix: 'office.example' }, '12'],
    ['no domain at all', { dnsSuffix: '' }, '12'],
  ])('is refused for %s', async (_what, options, status) => {
    const { console, machine } = setup(options)

    expect(await adminSetup(console, [leaf, middle, root])).toBe(status)
    expect(machine.mei.controlMode()).toBe(0)
  })

  it('is refused to a leaf that is not for provisioning', async () => {
    const { console } = setup()
    const web = issue('amt.plant.example', middle, 'serverAuth')

    expect(await adminSetup(console, [web, middle, root])).toBe('2063')
  })

  it('is refused when another key signed', async () => {
    const { console } = setup()

    expect(await adminSetup(console, [leaf, middle, root], middle.key)).toBe('25')
  })

  it('takes a chain only from the leaf up, each signed by the next', async () => {
    const { console } = setup()

    expect(await present(console, [leaf, root])).toEqual(['0', '2063'])
  })

  it('wants a new nonce for each attempt', async () => {
    const { console } = setup()
    await console.say(console.ips.HostBasedSetupService.Get())
    const { mine, signature } = await nonces(console, leaf.key)
    const say = async (): Promise<string> => {
      const hash = passwordHash('admin', console.realm, PASSWORD)
      const said = await console.say(console.ips.HostBasedSetupService.AdminSetup(2, hash, mine, 2, signature))
      return said.body.AdminSetup_OUTPUT.ReturnValue
    }
    await present(console, [leaf, middle])
    const first = await say()
    await present(console, [leaf, middle, root])

    expect([first, await say()]).toEqual(['49', '25'])
  })

  it('is reached from client control, and the password stays', async () => {
    const { console, machine } = activated(1, { dnsSuffix: 'plant.example', trustedRoots: roots })
    await present(console, [leaf, middle, root])
    const { mine, signature } = await nonces(console, leaf.key)

    const said = await console.say(console.ips.HostBasedSetupService.UpgradeClientToAdmin(mine, 2, signature))

    expect(said.body.UpgradeClientToAdmin_OUTPUT.ReturnValue).toBe('0')
    expect(machine.mei.controlMode()).toBe(2)
    expect((await console.say(console.amt.GeneralSettings.Get())).status).toBe(200)
  })

  it('hangs at a second try when told to', async () => {
    const faults = createAmtFaults()
    faults.hangSecondSetup(true)
    const { console, machine } = setup({ faults })
    await adminSetup(console, [leaf, middle, root])

    const again = adminSetup(console, [leaf, middle, root]).then(() => 'answered')
    const outcome = await Promise.race([again, new Promise(resolve => setTimeout(() => resolve('silence'), 200))])

    expect(outcome).toBe('silence')
    expect(machine.state.counters.activationWrites).toBe(2)
  })
})

describe('the way back', () => {
  it('gives a new realm and forgets the password', async () => {
    const { console, machine } = activated(2)
    const before = machine.state.realm

    const said = await console.say(console.amt.SetupAndConfigurationService.Unprovision(1))

    expect(said.body.Unprovision_OUTPUT.ReturnValue).toBe('0')
    expect(machine.mei.controlMode()).toBe(0)
    expect(machine.state.realm).not.toBe(before)
    expect(machine.state.adminHash).toBeUndefined()
  })

  it('is open to the driver in client control only', () => {
    expect(activated(1).machine.mei.unprovision()).toBe(0)
    expect(activated(2).machine.mei.unprovision()).toBe(16)
  })
})

describe('a machine whose local ports speak TLS only', () => {
  it('refuses the plain port and shows a certificate of its silicon', async () => {
    const { machine } = factoryNew({ version: '19.0.5' })
    const plain = machine.lms(16992)
    const [refused] = await once(plain, 'error')
    const socket = connect({ socket: machine.lms(16993), ca: machine.onDieRoot, checkServerIdentity: () => undefined })
    await once(socket, 'secureConnect')

    expect(refused.code).toBe('ECONNREFUSED')
    expect(socket.getPeerCertificate().subject.CN).toBe('AMT RCFG')
    const { username, password } = machine.mei.localSystemAccount()
    const console = new TestConsole(() => socket, username, password)
    expect((await console.say(console.amt.GeneralSettings.Get())).status).toBe(200)
    socket.destroy()
  })

  it('drops the connection after a commit', async () => {
    const { machine } = factoryNew({ version: '19.0.5' })
    const socket = connect({ socket: machine.lms(16993), ca: machine.onDieRoot, checkServerIdentity: () => undefined })
    const { username, password } = machine.mei.localSystemAccount()
    const console = new TestConsole(() => socket, username, password)
    const closed = once(socket, 'close')

    const said = await console.say(console.amt.SetupAndConfigurationService.CommitChanges()).catch(() => undefined)
    await closed

    expect(said?.body.CommitChanges_OUTPUT.ReturnValue ?? '0').toBe('0')
  })
})
