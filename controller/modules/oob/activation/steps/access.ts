// SPDX-License-Identifier: Apache-2.0
/** Acts on certificates, TLS and the tunnel. */
import { createHash } from 'node:crypto'
import { deviceSecret, newPassword } from '../../devices/secrets.ts'
import { mustSucceed } from '../../wsman/status.ts'
import { flagOf, type Instance, Reference, textOf } from '../../wsman/wsman.ts'
import type { Ground } from '../ground.ts'
import { MPS_BOTH, RULES, USER_INITIATED_ON } from '../names.ts'
import type { Observer } from '../observe.ts'
import { isEnforced, isOutside, publicKeyOf } from '../plan-access.ts'
import type { Wanted } from '../wanted.ts'
import { ahead } from './passwords.ts'

const KEYS = 'AMT_PublicKeyManagementService'
const SERVER = 'AMT_ManagementPresenceRemoteSAP'
const RULE = 'AMT_RemoteAccessPolicyRule'
const LINK = 'AMT_RemoteAccessPolicyAppliesToMPS'
const SYSTEM = { SystemCreationClassName: 'CIM_ComputerSystem', SystemName: 'Intel(r) AMT' }

export async function addRoot(ground: Ground, wanted: Wanted, use: 'cira' | 'tls'): Promise<void> {
  const { wsman, signal, certificates, project } = ground
  const root = use === 'cira' ? (wanted.cira?.mpsRootCertificate ?? '') : await certificates.root(project)
  const input = { CertificateBlob: root.replace(/\s/g, '') }
  mustSucceed(await wsman().invoke(KEYS, 'AddTrustedRootCertificate', input, { signal }), 'AddTrustedRootCertificate')
}

export async function generateKey({ wsman, signal }: Ground): Promise<void> {
  const input = { KeyAlgorithm: '0', KeyLength: '2048' }
  // Firmware draws primes for a while.
  const options = { signal, deadlineMs: 60_000 }
  mustSucceed(await wsman().invoke(KEYS, 'GenerateKeyPair', input, options), 'GenerateKeyPair')
}

export async function addCertificate(ground: Ground, observer: Observer, keyId: string): Promise<void> {
  const { wsman, signal, certificates, project, guid } = ground
  const key = (await observer.read('store')).keys.find(each => each.id === keyId)
  if (key === undefined) return
  const der = await certificates.issue({ project, guid, publicKey: publicKeyOf(key.der) })
  mustSucceed(await wsman().invoke(KEYS, 'AddCertificate', { CertificateBlob: der }, { signal }), 'AddCertificate')
}

function certificateReference(id: string): Reference {
  return new Reference('AMT_PublicKeyCertificate', { InstanceID: id })
}

const ENDPOINTS = new Reference('AMT_TLSProtocolEndpointCollection', {
  ElementName: 'TLSProtocolEndpoint Instances Collection',
})

export async function bindCertificate({ wsman, signal }: Ground, observer: Observer, id: string): Promise<void> {
  const { bound } = await observer.read('store')
  const instance = { ElementInContext: certificateReference(id), ElementProvidingContext: ENDPOINTS }
  // There is at most one; where there is, it is turned to the new certificate.
  if (bound.length === 0) await wsman().create('AMT_TLSCredentialContext', instance, { signal })
  else await wsman().put('AMT_TLSCredentialContext', instance, { signal })
}

export async function unbindCertificate({ wsman, signal }: Ground, id: string): Promise<void> {
  const selectors = { ElementInContext: certificateReference(id), ElementProvidingContext: ENDPOINTS }
  await wsman().remove('AMT_TLSCredentialContext', { selectors, signal })
}

export async function removeStored({ wsman, signal }: Ground, what: 'certificate' | 'key', id: string): Promise<void> {
  const resource = what === 'certificate' ? 'AMT_PublicKeyCertificate' : 'AMT_PublicPrivateKeyPair'
  await wsman().remove(resource, { selectors: { InstanceID: id }, signal })
}

/** Remote first, then local, then both are put into force at once. */
export async function setTls(ground: Ground, observer: Observer, wanted: Wanted): Promise<void> {
  const { remote, local } = await observer.read('tls')
  const on = wanted.tls
  const enforced = isEnforced({ remote, local }, ground)
  await ground.marks.setUncommitted(true)
  if (remote !== undefined) {
    await putTls(ground, {
      ...withoutNames(remote, on?.mutual !== true),
      Enabled: String(on !== undefined),
      MutualAuthentication: String(on?.mutual === true),
      AcceptNonSecureConnections: String(!enforced && (on === undefined || on.plainToo)),
    })
  }
  if (local !== undefined) {
    await putTls(ground, {
      ...withoutNames(local, on === undefined),
      Enabled: String(on !== undefined),
      ...(enforced ? { AcceptNonSecureConnections: 'false' } : {}),
    })
  }
  await commit(ground)
}

function withoutNames(settings: Instance, drop: boolean): Instance {
  const { TrustedCN: names, ...kept } = settings
  return drop || names === undefined ? kept : { ...kept, TrustedCN: names }
}

async function putTls({ wsman, signal }: Ground, instance: Instance): Promise<void> {
  const selectors = { InstanceID: textOf(instance.InstanceID) }
  await wsman().put('AMT_TLSSettingData', instance, { selectors, signal, deadlineMs: 45_000 })
}

/** The local ports restart with it, so that its reply may never come: what became of it is read afterwards. */
export async function commit(ground: Ground): Promise<void> {
  const { wsman, signal, marks, pause, timing } = ground
  const output = await wsman().invoke(
    'AMT_SetupAndConfigurationService',
    'CommitChanges',
    {},
    { signal, deadlineMs: 45_000 },
  )
  mustSucceed(output, 'CommitChanges')
  await marks.setUncommitted(false)
  await pause(timing.tlsMs)
}

export async function enableLocalTls(ground: Ground, observer: Observer): Promise<void> {
  const { local } = await observer.read('tls')
  // What is enforced is on, whatever it says.
  if (local === undefined || flagOf(local.Enabled) || isEnforced({ remote: undefined, local }, { tlsEnforced: false }))
    return
  await ground.marks.setUncommitted(true)
  await putTls(ground, { ...withoutNames(local, false), Enabled: 'true' })
}

export async function removeRule({ wsman, signal }: Ground, name: string): Promise<void> {
  await wsman().remove(RULE, { selectors: { PolicyRuleName: name }, signal })
}

export async function removeServer({ wsman, signal }: Ground, name: string): Promise<void> {
  await wsman().remove(SERVER, { selectors: { Name: name }, signal })
}

/**
 * Makes the device known with the password it will log in with, and only then tells the firmware where to dial: its
 * first attempt must succeed, or it waits long before the next.
 */
export async function addServer(ground: Ground, { cira, ciraPassword }: Wanted): Promise<void> {
  if (cira === undefined) return
  const { store, secrets, devices, project, guid, wsman, signal, random } = ground
  const name = deviceSecret(project, guid, 'amt-cira')
  const { version, value } = await store.change(async tx => {
    await devices.put(tx, project, guid, { mpsUsername: cira.username })
    return ahead(secrets, tx, { name, value: ciraPassword, make: () => newPassword(random) })
  })
  const output = await value.use(Password =>
    wsman().invoke(
      'AMT_RemoteAccessService',
      'AddMpServer',
      {
        AccessInfo: cira.mpsServerAddress,
        InfoFormat: String(cira.serverAddressFormat),
        Port: String(cira.mpsPort),
        AuthMethod: String(cira.authMethod),
        Username: cira.username,
        Password,
        ...(cira.serverAddressFormat === 201 || cira.commonName === '' ? {} : { CN: cira.commonName }),
      },
      { signal },
    ),
  )
  mustSucceed(output, 'AddMpServer')
  await store.change(tx => secrets.activate(tx, name, version))
}

function serverReference(name: string): Reference {
  return new Reference(SERVER, { CreationClassName: SERVER, Name: name, ...SYSTEM })
}

export async function addRule({ wsman, signal }: Ground, observer: Observer, rule: 'periodic' | 'user'): Promise<void> {
  const [server] = (await observer.read('cira')).servers
  const { trigger, lifetime, extendedData } = RULES[rule]
  const input: Instance = {
    Trigger: String(trigger),
    TunnelLifeTime: String(lifetime),
    ExtendedData: extendedData,
    MpServer: new Reference(SERVER, { Name: server?.name ?? '' }),
  }
  const output = await wsman().invoke('AMT_RemoteAccessService', 'AddRemoteAccessPolicyRule', input, { signal })
  mustSucceed(output, 'AddRemoteAccessPolicyRule')
}

export async function setMpsType(
  { wsman, signal }: Ground,
  observer: Observer,
  { rule, server }: { readonly rule: string; readonly server: string },
): Promise<void> {
  const link = (await observer.read('cira')).links.find(each => each.rule === rule && each.server === server)
  const ManagedElement = serverReference(server)
  const PolicySet = new Reference(RULE, { CreationClassName: RULE, PolicyRuleName: rule, ...SYSTEM })
  const instance: Instance = { ManagedElement, MpsType: String(MPS_BOTH), OrderOfAccess: link?.order ?? '0', PolicySet }
  await wsman().put(LINK, instance, { selectors: { ManagedElement, PolicySet }, signal })
}

export async function enableUserInitiated({ wsman, signal }: Ground): Promise<void> {
  const input = { RequestedState: String(USER_INITIATED_ON) }
  const output = await wsman().invoke('AMT_UserInitiatedConnectionService', 'RequestStateChange', input, { signal })
  mustSucceed(output, 'user-initiated access')
}

/** A name that no network has, so that the device believes to be outside everywhere. */
export async function setEnvironment(ground: Ground, observer: Observer, wanted: Wanted): Promise<void> {
  const { environment } = await observer.read('cira')
  let name: string
  do name = `${uuidOf(ground.random(16))}.com`
  while (!isOutside([name], wanted.suffixes))
  await putEnvironment(ground, { ...environment, DetectionStrings: name })
}

export async function clearEnvironment(ground: Ground, observer: Observer): Promise<void> {
  const { DetectionStrings: _, ...kept } = (await observer.read('cira')).environment
  await putEnvironment(ground, kept)
}

async function putEnvironment({ wsman, signal }: Ground, instance: Instance): Promise<void> {
  await wsman().put('AMT_EnvironmentDetectionSettingData', instance, { signal })
}

function uuidOf(bytes: Uint8Array): string {
  const hex = createHash('sha256').update(bytes).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
