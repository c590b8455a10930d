// SPDX-License-Identifier: Apache-2.0
/** Reads a device's firmware part by part, each once until it is forgotten. */
import { type Clock, Problem } from '../../../../plugins/contract/index.ts'
import { problem as shared } from '../problems.ts'
import { flagOf, type Instance, listOf, numberOf, textOf, type Value, type Wsman } from '../wsman/wsman.ts'
import { SETTINGS } from './names.ts'
import type { CiraPart, FeaturesPart, PartName, Parts, PortsPart, StorePart, WifiPart } from './observed.ts'
import type { ControlMode } from './wanted.ts'

export interface Observer {
  read<N extends PartName>(name: N): Promise<Parts[N]>
  /** What a step may have changed is read again when it is asked for next. */
  forget(names: readonly PartName[]): void
}

export type ObserverParts = {
  /** Asked anew for each read: it may be another one after the password changed. */
  readonly wsman: () => Wsman
  readonly clock: Clock
  readonly signal: AbortSignal
}

export function createObserver({ wsman, clock, signal }: ObserverParts): Observer {
  const known = new Map<PartName, unknown>()
  return {
    async read<N extends PartName>(name: N): Promise<Parts[N]> {
      if (known.has(name)) return known.get(name) as Parts[N] // kept under its own name just below
      const part = (await again(signal, () => READERS[name]({ wsman: wsman(), clock, signal }))) as Parts[N]
      known.set(name, part)
      return part
    },
    forget: names => {
      for (const name of names) known.delete(name)
    },
  }
}

/** A read whose reply never came. */
const ATTEMPTS = 3

/** Makes a read again when its reply was lost: that takes the whole time one call may take. */
export async function again<T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read()
    } catch (thrown) {
      signal.throwIfAborted()
      if (attempt >= ATTEMPTS || !(thrown instanceof Problem) || thrown.code !== 'amt-timeout') throw thrown
    }
  }
}

type Reading = { readonly wsman: Wsman; readonly clock: Clock; readonly signal: AbortSignal }

const READERS: { readonly [N in PartName]: (reading: Reading) => Promise<Parts[N]> } = {
  setup: async reading => {
    const content = await get(reading, 'IPS_HostBasedSetupService')
    const mode = numberOf(content.CurrentControlMode)
    return {
      mode: (['none', 'client', 'admin'] as const)[mode ?? -1] ?? unexpectedMode(mode),
      allowed: listOf(content.AllowedControlModes).flatMap(each => numberOf(each) ?? []),
      nonce: textOf(content.ConfigurationNonce).replace(/\s/g, ''),
    }
  },
  general: async reading => {
    const instance = await get(reading, 'AMT_GeneralSettings')
    return {
      instance,
      realm: textOf(instance.DigestRealm),
      sharedFqdn: flagOf(instance.SharedFQDN),
      networkEnabled: numberOf(instance.AMTNetworkEnabled) === 1 || flagOf(instance.AMTNetworkEnabled),
      rmcpPing: flagOf(instance.RmcpPingResponseEnabled),
    }
  },
  ports: async (reading): Promise<PortsPart> => {
    const all = await list(reading, 'AMT_EthernetPortSettings')
    const port = (id: string): Instance | undefined =>
      all.find(each => textOf(each.InstanceID).trim() === id && textOf(each.MACAddress) !== '')
    return { wired: port(SETTINGS.wired), wireless: port(SETTINGS.wireless) }
  },
  wired8021x: async reading => {
    const instance = await optional(get(reading, 'IPS_IEEE8021xSettings'))
    // 2 enabled, 3 disabled, 6 enabled without certificates.
    return instance === undefined ? undefined : { instance, enabled: [2, 6].includes(numberOf(instance.Enabled) ?? 3) }
  },
  wifi: readWifi,
  proxies: async reading => {
    const all = await optional(list(reading, 'IPS_HTTPProxyAccessPoint'))
    return all?.map(each => ({
      name: textOf(each.Name),
      address: textOf(each.AccessInfo),
      port: numberOf(each.Port) ?? 0,
      suffix: textOf(each.NetworkDnsSuffix),
    }))
  },
  features: readFeatures,
  cira: readCira,
  store: readStore,
  tls: async reading => {
    const all = await list(reading, 'AMT_TLSSettingData')
    const find = (word: string): Instance | undefined => all.find(each => textOf(each.InstanceID).includes(word))
    return { remote: find('802.3') ?? all[0], local: find('LMS') ?? all[1] }
  },
  clock: async ({ wsman, clock, signal }) => {
    const { content } = await wsman.invoke('AMT_TimeSynchronizationService', 'GetLowAccuracyTimeSynch', {}, { signal })
    const seconds = numberOf(content.Ta0) ?? 0
    return { offsetSeconds: seconds - Math.round(clock.now() / 1_000) }
  },
}

function unexpectedMode(mode: number | undefined): ControlMode {
  throw shared('amt-unexpected', `control mode ${mode ?? 'missing'}`)
}

async function readWifi(reading: Reading): Promise<WifiPart> {
  const service = await optional(get(reading, 'AMT_WiFiPortConfigurationService'))
  if (service === undefined) return undefined
  const endpoints = (await optional(list(reading, 'CIM_WiFiEndpointSettings'))) ?? []
  const port = (await optional(list(reading, 'CIM_WiFiPort')))?.[0]
  const board = await optional(get(reading, 'AMT_BootCapabilities'))
  const canShare = board !== undefined && flagOf(board.UEFIWiFiCoExistenceAndProfileShare)
  const share = service.UEFIWiFiProfileShareEnabled
  return {
    // Priority 0 is what the host synchronised; only profiles of administrators can be removed by their id.
    endpoints: endpoints
      .filter(each => textOf(each.InstanceID) !== '' && numberOf(each.Priority) !== 0)
      .map(each => ({
        id: textOf(each.InstanceID),
        name: textOf(each.ElementName),
        ssid: textOf(each.SSID),
        authentication: numberOf(each.AuthenticationMethod) ?? 0,
        encryption: numberOf(each.EncryptionMethod) ?? 0,
        priority: numberOf(each.Priority) ?? 0,
      })),
    portState: numberOf(port?.EnabledState),
    service,
    localSync: numberOf(service.localProfileSynchronizationEnabled) ?? 0,
    uefiSync: canShare ? flagOf(share) || numberOf(share) === 1 : undefined,
  }
}

async function readFeatures(reading: Reading): Promise<FeaturesPart> {
  const redirection = await get(reading, 'AMT_RedirectionService')
  const sap = await optional(get(reading, 'CIM_KVMRedirectionSAP'))
  const optIn = await get(reading, 'IPS_OptInService')
  const state = numberOf(redirection.EnabledState) ?? 32_768
  return {
    redirection,
    ider: state === 32_769 || state === 32_771,
    sol: state === 32_770 || state === 32_771,
    listener: flagOf(redirection.ListenerEnabled),
    kvm: sap === undefined ? undefined : [2, 6].includes(numberOf(sap.EnabledState) ?? 3),
    optIn,
    consent: numberOf(optIn.OptInRequired) ?? 0,
  }
}

async function readCira(reading: Reading): Promise<CiraPart> {
  const servers = await list(reading, 'AMT_ManagementPresenceRemoteSAP')
  const rules = await list(reading, 'AMT_RemoteAccessPolicyRule')
  const links = await list(reading, 'AMT_RemoteAccessPolicyAppliesToMPS')
  const service = await optional(get(reading, 'AMT_UserInitiatedConnectionService'))
  const environment = await get(reading, 'AMT_EnvironmentDetectionSettingData')
  const serverNames = servers.map(each => textOf(each.Name))
  const ruleNames = rules.map(each => textOf(each.PolicyRuleName))
  return {
    servers: servers.map(each => ({
      name: textOf(each.Name),
      address: textOf(each.AccessInfo),
      format: numberOf(each.InfoFormat) ?? 0,
      port: numberOf(each.Port) ?? 0,
      commonName: textOf(each.CN),
    })),
    rules: rules.map(each => ({
      name: textOf(each.PolicyRuleName),
      trigger: numberOf(each.Trigger) ?? -1,
      lifetime: numberOf(each.TunnelLifeTime) ?? 0,
      extendedData: textOf(each.ExtendedData).replace(/\s/g, ''),
    })),
    links: links.map(each => ({
      rule: namedIn(each.PolicySet, ruleNames),
      server: namedIn(each.ManagedElement, serverNames),
      mpsType: numberOf(each.MpsType),
      order: textOf(each.OrderOfAccess) || '0',
    })),
    userInitiated: numberOf(service?.EnabledState),
    environment,
    detection: listOf(environment.DetectionStrings)
      .map(textOf)
      .filter(each => each !== ''),
  }
}

async function readStore(reading: Reading): Promise<StorePart> {
  const certificates = await list(reading, 'AMT_PublicKeyCertificate')
  const keys = await list(reading, 'AMT_PublicPrivateKeyPair')
  const contexts = await list(reading, 'AMT_TLSCredentialContext')
  const ids = certificates.map(each => textOf(each.InstanceID))
  return {
    certificates: certificates.map(each => ({
      id: textOf(each.InstanceID),
      der: textOf(each.X509Certificate).replace(/\s/g, ''),
      trusted: flagOf(each.TrustedRootCertficate) || flagOf(each.TrustedRootCertificate),
    })),
    keys: keys.map(each => ({ id: textOf(each.InstanceID), der: textOf(each.DERKey).replace(/\s/g, '') })),
    bound: contexts.map(each => namedIn(each.ElementInContext, ids)).filter(each => each !== ''),
  }
}

/** Which of the names an endpoint reference carries as the value of one of its selectors. */
function namedIn(reference: Value | undefined, names: readonly string[]): string {
  const texts = new Set(textsIn(reference))
  return names.find(name => texts.has(name)) ?? ''
}

function textsIn(value: Value | undefined): readonly string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [value]
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(textsIn)
}

async function get({ wsman, signal }: Reading, resource: string): Promise<Instance> {
  return (await wsman.get(resource, { signal })).content
}

async function list({ wsman, signal }: Reading, resource: string): Promise<readonly Instance[]> {
  return (await wsman.list(resource, { signal })).instances
}

/** `undefined` where the firmware answers with a fault, as it does for classes it does not have. */
export async function optional<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.code === 'amt-fault') return undefined
    throw thrown
  }
}
