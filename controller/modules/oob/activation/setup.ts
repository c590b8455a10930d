// SPDX-License-Identifier: Apache-2.0
/** Activates a device from the host: client control, admin control by certificate, and the way from one to the other. */
import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { Problem } from '../../../../plugins/contract/index.ts'
import { deviceSecret, newPassword } from '../devices/secrets.ts'
import type { ProvisioningCertificate } from '../records/records.ts'
import { mustSucceed } from '../wsman/status.ts'
import type { Wsman } from '../wsman/wsman.ts'
import type { Ground } from './ground.ts'
import { again, createObserver, type Observer } from './observe.ts'
import type { SetupPart } from './observed.ts'
import { planCertificate } from './plan-access.ts'
import { Refusal } from './protocol.ts'
import { settled } from './settle.ts'
import { TOUCHES } from './step.ts'
import { commit, enableLocalTls } from './steps/access.ts'
import { apply } from './steps/apply.ts'
import { ahead, passwordHash } from './steps/passwords.ts'
import { STATUS, TEXT } from './texts.ts'
import { isUnknown, unprovisionOver } from './unprovision.ts'
import type { ControlMode, Wanted } from './wanted.ts'

const SERVICE = 'IPS_HostBasedSetupService'
/** AddNextCertInChain takes four. */
const MAX_CHAIN = 4

export type SetupParts = {
  readonly ground: Ground
  /** Logs in as the host's own account; there is none for a client that found the device activated. */
  readonly local: Wsman | undefined
  readonly wanted: Wanted
  readonly certificate: ProvisioningCertificate | undefined
  readonly majorVersion: number
  /** The client may only come to admin control through client control and TLS of our own. */
  readonly viaClient: boolean
  /** Goes on at the TLS port, with a certificate of ours. Absent when TLS is neither asked for nor enforced. */
  readonly secure: (() => Promise<void>) | undefined
  /** What the device was before anybody began to activate it, also in a session that was cut off. */
  readonly from: 'none' | 'client' | 'admin'
}

export type SetupStep = 'setup-client' | 'setup-admin' | 'secure' | 'upgrade'

/** What is to be done next to reach the control mode. Pure. */
export function planSetup(
  { mode }: SetupPart,
  want: { readonly mode: 'client' | 'admin'; readonly viaClient: boolean; readonly isSecured: boolean },
): SetupStep | 'refuse' | undefined {
  if (mode === want.mode) return undefined
  if (mode === 'admin') return 'refuse'
  if (mode === 'none') return want.mode === 'client' || want.viaClient ? 'setup-client' : 'setup-admin'
  return want.isSecured ? 'upgrade' : 'secure'
}

/**
 * Brings the device to the wanted control mode and returns what the client is told. Each activating write is sent once:
 * when its reply is lost, the mode is read back. Throws a {@link Refusal} when the firmware will not; what client
 * control was only meant as a stage is undone then.
 */
export async function setUp(parts: SetupParts): Promise<string> {
  const { ground, wanted, viaClient } = parts
  let isSecured = parts.secure === undefined
  let status: string | undefined
  const sent = new Set<SetupStep>()
  let seen: SetupPart | undefined
  for (;;) {
    const setup: SetupPart = seen ?? (await observeSetup(parts))
    seen = undefined
    const step = planSetup(setup, { mode: wanted.mode, viaClient, isSecured })
    if (step === undefined) return status ?? (wanted.mode === 'admin' ? STATUS.alreadyAdmin : STATUS.alreadyClient)
    if (step === 'refuse') throw new Refusal(TEXT.alreadyAdmin(ground.guid))
    if (sent.has(step)) throw await failed(parts, step)
    sent.add(step)
    await ground.onStep(step, `control mode is ${setup.mode}, ${wanted.mode} is wanted`)
    try {
      if (step === 'secure') {
        await parts.secure?.()
        isSecured = true
        continue
      }
      await activate(parts, step, setup)
    } catch (thrown) {
      ground.signal.throwIfAborted()
      if (thrown instanceof Problem && thrown.code === 'amt-not-connected') throw thrown
      throw await failed(parts, step, thrown)
    }
    status = step === 'setup-client' ? STATUS.client : parts.from === 'client' ? STATUS.upgraded : STATUS.admin
    // As administrator: that this account is let in is part of having settled.
    seen = await settled(ground, () => inMode(modeAfter(step), () => createObserver(ground).read('setup')))
  }
}

function modeAfter(step: Exclude<SetupStep, 'secure'>): 'client' | 'admin' {
  return step === 'setup-client' ? 'client' : 'admin'
}

/** `undefined` when it is not yet in this mode. */
async function inMode(mode: ControlMode, read: () => Promise<SetupPart>): Promise<SetupPart | undefined> {
  const setup = await read()
  return setup.mode === mode ? setup : undefined
}

/** Read with whichever account the firmware lets in; the local one is of no use once it is activated. */
async function observeSetup({ ground, local }: SetupParts): Promise<SetupPart> {
  if (local === undefined) return createObserver(ground).read('setup')
  try {
    const setup = await as(ground, local).read('setup')
    if (setup.mode === 'none') return setup
  } catch (thrown) {
    ground.signal.throwIfAborted()
    if (!(thrown instanceof Problem) || thrown.code === 'amt-not-connected') throw thrown
  }
  return createObserver(ground).read('setup')
}

function as(ground: Ground, wsman: Wsman): Observer {
  return createObserver({ ...ground, wsman: () => wsman })
}

async function activate(parts: SetupParts, step: Exclude<SetupStep, 'secure'>, setup: SetupPart): Promise<void> {
  const { ground } = parts
  const wsman = step === 'upgrade' ? ground.wsman() : parts.local
  if (wsman === undefined) throw new Refusal(TEXT.unauthorized)
  if (step !== 'setup-client') {
    if (setup.allowed.length > 0 && !setup.allowed.includes(2)) throw new Refusal(TEXT.adminFailed)
    await showChain(parts, wsman)
  }
  const call = await callFor(parts, { step, setup, wsman })
  try {
    mustSucceed(await wsman.invoke(SERVICE, call.method, call.input, { signal: ground.signal }), call.method)
  } catch (thrown) {
    ground.signal.throwIfAborted()
    // Unless it was refused, only the control mode tells whether it took place.
    if (!isUnknown(thrown)) throw thrown
    const mode = modeAfter(step)
    const look = () => inMode(mode, () => observeSetup(parts))
    const now = (await settled(ground, look)) ?? (await observeSetup(parts))
    if (now.mode !== mode) throw thrown
  }
}

type Call = { readonly method: string; readonly input: Readonly<Record<string, string>> }

type Activating = {
  readonly step: Exclude<SetupStep, 'secure'>
  readonly setup: SetupPart
  readonly wsman: Wsman
}

async function callFor(parts: SetupParts, { step, setup, wsman }: Activating): Promise<Call> {
  if (step === 'upgrade') return { method: 'UpgradeClientToAdmin', input: signed(parts, setup) }
  const { realm } = await as(parts.ground, wsman).read('general')
  // Part of the hash: with a wrong one nobody could ever log in.
  if (!/^Digest:[0-9A-F]{32}$/i.test(realm)) throw new Refusal(TEXT.invalidRealm)
  const hash = passwordHash(realm, await passwordAhead(parts)).toString('hex')
  const password = { NetAdminPassEncryptionType: '2', NetworkAdminPassword: hash }
  if (step === 'setup-client') return { method: 'Setup', input: password }
  return { method: 'AdminSetup', input: { ...password, ...signed(parts, setup) } }
}

/** Keeps the passwords before the firmware hears of them. */
async function passwordAhead({ ground, wanted }: SetupParts) {
  const { store, secrets, project, guid, random } = ground
  const make = () => newPassword(random)
  return store.change(async tx => {
    if (wanted.mode === 'admin') {
      const mebx = deviceSecret(project, guid, 'amt-mebx')
      await ahead(secrets, tx, { name: mebx, value: wanted.mebxPassword, make })
    }
    const admin = deviceSecret(project, guid, 'amt-admin')
    return (await ahead(secrets, tx, { name: admin, value: wanted.password, make })).value
  })
}

/** Leaf first, root last; each must be taken before the next is shown. The leaf begins anew, after a lost reply too. */
async function showChain({ ground, certificate }: SetupParts, wsman: Wsman): Promise<void> {
  const chain = (certificate?.chain ?? []).slice(0, MAX_CHAIN)
  await again(ground.signal, async () => {
    for (const [at, NextCertificate] of chain.entries()) {
      const input = {
        NextCertificate,
        IsLeafCertificate: String(at === 0),
        IsRootCertificate: String(at === chain.length - 1),
      }
      const { returnValue } = await wsman.invoke(SERVICE, 'AddNextCertInChain', input, { signal: ground.signal })
      if (returnValue !== 0) throw new Refusal(TEXT.chainRefused(ground.guid))
    }
  })
}

const RSA_SHA256 = '2'
const RSA_SHA384 = '3'

/** The leaf's signature over both nonces, by which the firmware knows that we hold its key. */
function signed(
  { ground, certificate, majorVersion }: SetupParts,
  { nonce }: SetupPart,
): Readonly<Record<string, string>> {
  if (certificate === undefined) throw new Refusal(TEXT.noCertificate)
  const mine = Buffer.from(ground.random(20))
  const content = Buffer.concat([Buffer.from(nonce, 'base64'), mine])
  const strong = majorVersion >= 22 && isStrong(certificate.chain[0] ?? '')
  const signature = certificate.key.use(pem =>
    sign(strong ? 'RSA-SHA384' : 'RSA-SHA256', content, createPrivateKey(pem)),
  )
  return {
    McNonce: mine.toString('base64'),
    SigningAlgorithm: strong ? RSA_SHA384 : RSA_SHA256,
    DigitalSignature: signature.toString('base64'),
  }
}

/** AMT 22 turns away from SHA-256 with 2048 bits; certificates that are made for that have 3072. */
function isStrong(der: string): boolean {
  const { publicKey } = new X509Certificate(Buffer.from(der, 'base64'))
  return (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 3_072
}

/** What the client is told; a device that was only to pass through client control is taken back out of it. */
async function failed(parts: SetupParts, step: SetupStep, thrown?: unknown): Promise<Refusal> {
  const { ground, wanted, from } = parts
  const texts = {
    'setup-client': TEXT.clientFailed,
    'setup-admin': TEXT.adminFailed,
    secure: TEXT.adminFailed,
    upgrade: TEXT.upgradeFailed,
  }
  const refusal = thrown instanceof Refusal ? thrown : new Refusal(texts[step])
  ground.log.warn('a device was not activated', {
    guid: ground.guid,
    step,
    code: thrown instanceof Problem ? thrown.code : 'refused',
    detail: thrown instanceof Problem ? (thrown.detail ?? '') : refusal.message,
  })
  if (wanted.mode !== 'admin' || from !== 'none' || step === 'setup-client') return refusal
  const setup = await observeSetup(parts).catch(() => undefined)
  if (setup?.mode !== 'client') return refusal
  await ground.onStep('roll-back', 'admin control was asked for and failed')
  await unprovisionOver(ground)
  return refusal
}

/** A step whose reply was lost may be sent again when looking shows that it did not take place. */
const TRIES = 2

/** Makes the device serve TLS with a certificate of ours, as a stage on the way to admin control. */
export async function secureLocal(ground: Ground, wanted: Wanted): Promise<void> {
  const observer = createObserver(ground)
  const tlsRoot = await ground.certificates.root(ground.project)
  const tried = new Map<string, number>()
  for (;;) {
    const [step] = planCertificate(await observer.read('store'), { tlsRoot })
    if (step === undefined) break
    const tries = tried.get(step.do) ?? 0
    if (tries >= TRIES) throw new Refusal(TEXT.adminFailed)
    await ground.onStep(step.do, step.why)
    try {
      await apply({ ground, observer, wanted }, step)
      tried.set(step.do, TRIES)
    } catch (thrown) {
      ground.signal.throwIfAborted()
      if (!(thrown instanceof Problem) || thrown.code !== 'amt-timeout') throw thrown
      tried.set(step.do, tries + 1)
    }
    observer.forget(TOUCHES[step.do])
  }
  await enableLocalTls(ground, observer)
  try {
    await commit(ground)
  } catch (thrown) {
    ground.signal.throwIfAborted()
    // The local ports restart before the reply has left: whether it took is seen when TLS is spoken next.
    if (!isUnknown(thrown)) throw thrown
    await ground.marks.setUncommitted(false)
    await ground.pause(ground.timing.tlsMs)
  }
}
