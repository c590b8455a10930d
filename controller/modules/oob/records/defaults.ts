// SPDX-License-Identifier: Apache-2.0
/** What a project has without anybody asking: a CIRA configuration that leads here, and a profile for each control mode. */
import { X509Certificate } from 'node:crypto'
import type { Log } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import type { Secret, Secrets } from '../../../secrets/secrets.ts'
import type { Tx } from '../../../store/store.ts'
import { recordSecret } from '../devices/secrets.ts'
import { formatOf } from './address.ts'
import { ciraKind } from './cira.ts'
import { problem } from './problems.ts'
import { profileKind } from './profiles.ts'
import type { CiraConfig, Profile } from './records.ts'
import { find, insert, keyOf, replace } from './store.ts'

export type DefaultsParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  /** The root that devices of a project find at our tunnel's end, PEM. */
  readonly ciraRoot: (project: string) => Promise<string>
  /** Where devices of a project dial in to: a name, or an address; the port the listener is announced at. */
  readonly announced: (project: string) => { readonly host: string; readonly port: number }
  readonly log: Log
}

/** Passwords that all devices of a project share: only when somebody says so, for it makes one leak the leak of all. */
export type SharedPasswords = { readonly amt: Secret; readonly mebx: Secret }

const MIN_PORT = 1024
const MAX_PORT = 49_151
const USERNAME = 'admin'

/**
 * Makes what is missing, and leads the CIRA configuration to the present address and root; whatever else people
 * changed stays. Cheap when nothing is to do. Throws `cira-address` when devices could not dial the announced address.
 */
export async function ensureDefaults(parts: DefaultsParts, project: string): Promise<void> {
  const wanted = await wantedCira(parts, project)
  if (await settled(parts, project, wanted)) return
  await parts.kernel.store.change(async tx => {
    await ensureCira(parts, tx, { project, wanted })
    for (const profile of defaultProfiles(project)) await ensureProfile(parts, tx, { project, profile })
  })
}

/** Makes the project's default profiles give every device the same passwords, or (`undefined`) each its own again. */
export async function sharePasswords(
  parts: DefaultsParts,
  project: string,
  shared: SharedPasswords | undefined,
): Promise<void> {
  const { kernel, secrets, log } = parts
  await kernel.store.change(async tx => {
    for (const { profileName: name } of defaultProfiles(project)) {
      const old = await find(tx, project, { kind: 'profile', name })
      if (old === undefined) continue
      const acm = old.record.activation === 'acmactivate'
      const random = shared === undefined
      const record = { ...old.record, generateRandomPassword: random, generateRandomMEBxPassword: random && acm }
      await replace(tx, project, { ...profileWriting(record), now: kernel.clock.now() })
      for (const [kind, value] of [
        ['profile-amt', shared?.amt],
        ['profile-mebx', acm ? shared?.mebx : undefined],
      ] as const) {
        const secret = recordSecret(project, kind, name)
        if (value === undefined) await secrets.remove(tx, secret)
        else await secrets.put(tx, secret, value)
      }
      await audited(parts, tx, { project, action: 'oob.profile.share-passwords', target: name })
    }
  })
  if (shared !== undefined) log.warn('all devices of a project share one password', { project })
}

/** Whether a project's default profiles share passwords, which every view of it should complain about. */
export async function sharesPasswords({ kernel }: Pick<DefaultsParts, 'kernel'>, project: string): Promise<boolean> {
  for (const { profileName: name } of defaultProfiles(project)) {
    const kept = await find(kernel.store, project, { kind: 'profile', name })
    if (kept !== undefined && !kept.record.generateRandomPassword) return true
  }
  return false
}

/** Whether a record of this name is one of those that {@link ensureDefaults} makes. */
export function isDefaultName(project: string, name: string): boolean {
  const names = [project, ...defaultProfiles(project).map(each => each.profileName)]
  return names.some(each => keyOf(each) === keyOf(name))
}

/** Values of the profiles as EIM makes them, but for passwords, which are each device's own. */
export function defaultProfiles(project: string): readonly [Profile, Profile] {
  const common = {
    generateRandomPassword: true,
    ciraConfigName: project,
    tlsMode: null,
    tlsSigningAuthority: 'SelfSigned',
    tags: [],
    dhcpEnabled: true,
    ipSyncEnabled: false,
    localWifiSyncEnabled: false,
    uefiWifiSyncEnabled: false,
    wifiConfigs: [],
    proxyConfigs: [],
    ieee8021xProfileName: null,
    iderEnabled: false,
    kvmEnabled: true,
    solEnabled: true,
  } as const
  return [
    {
      profileName: `${project}_ccm`,
      activation: 'ccmactivate',
      generateRandomMEBxPassword: false,
      userConsent: 'All',
      ...common,
    },
    {
      profileName: `${project}_acm`,
      activation: 'acmactivate',
      generateRandomMEBxPassword: true,
      userConsent: 'None',
      ...common,
    },
  ]
}

async function wantedCira({ ciraRoot, announced }: DefaultsParts, project: string): Promise<CiraConfig> {
  const { host, port } = announced(project)
  const format = formatOf(host)
  if (format === undefined) throw problem('cira-address', `${host} is neither an address nor a full DNS name`, { host })
  if (!Number.isInteger(port) || port < MIN_PORT || port > MAX_PORT)
    throw problem('cira-address', `firmware takes ports ${MIN_PORT} to ${MAX_PORT}, not ${port}`, { port })
  return {
    configName: project,
    mpsServerAddress: host,
    mpsPort: port,
    username: USERNAME,
    commonName: host,
    serverAddressFormat: format,
    authMethod: 2,
    mpsRootCertificate: new X509Certificate(await ciraRoot(project)).raw.toString('base64'),
    proxyDetails: '',
  }
}

/** Members that are ours; the rest of the configuration is the people's. */
function led(record: CiraConfig, wanted: CiraConfig): CiraConfig {
  const { mpsServerAddress, mpsPort, commonName, serverAddressFormat, mpsRootCertificate } = wanted
  return { ...record, mpsServerAddress, mpsPort, commonName, serverAddressFormat, mpsRootCertificate }
}

async function settled({ kernel }: DefaultsParts, project: string, wanted: CiraConfig): Promise<boolean> {
  const cira = await find(kernel.store, project, { kind: 'cira', name: project })
  if (cira === undefined || !same(cira.record, led(cira.record, wanted))) return false
  for (const { profileName: name } of defaultProfiles(project))
    if ((await find(kernel.store, project, { kind: 'profile', name })) === undefined) return false
  return true
}

function same(one: CiraConfig, other: CiraConfig): boolean {
  return (Object.keys(one) as (keyof CiraConfig)[]).every(name => one[name] === other[name]) // of the type's members
}

type WantedCira = { readonly project: string; readonly wanted: CiraConfig }

async function ensureCira(parts: DefaultsParts, tx: Tx, { project, wanted }: WantedCira): Promise<void> {
  const now = parts.kernel.clock.now()
  const old = await find(tx, project, { kind: 'cira', name: project })
  if (old === undefined) {
    await insert(tx, project, { kind: ciraKind.kind, name: project, record: wanted, now })
    await audited(parts, tx, { project, action: 'oob.cira.create', target: project })
    return
  }
  const record = led(old.record, wanted)
  if (same(old.record, record)) return
  await replace(tx, project, { kind: ciraKind.kind, name: project, record, now })
  await audited(parts, tx, { project, action: 'oob.cira.change', target: project })
}

type WantedProfile = { readonly project: string; readonly profile: Profile }

async function ensureProfile(parts: DefaultsParts, tx: Tx, { project, profile }: WantedProfile): Promise<void> {
  const name = profile.profileName
  if ((await find(tx, project, { kind: 'profile', name })) !== undefined) return
  await insert(tx, project, { ...profileWriting(profile), now: parts.kernel.clock.now() })
  await audited(parts, tx, { project, action: 'oob.profile.create', target: name })
}

function profileWriting(record: Profile) {
  return {
    kind: profileKind.kind,
    name: record.profileName,
    record,
    references: profileKind.references?.(record) ?? [],
  }
}

type Audited = { readonly project: string; readonly action: string; readonly target: string }

async function audited({ kernel }: DefaultsParts, tx: Tx, { project, action, target }: Audited): Promise<void> {
  await kernel.audit.append(tx, { chain: projectChain(project), principal: SYSTEM, action, target, outcome: 'done' })
}
