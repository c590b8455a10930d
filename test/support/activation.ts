// SPDX-License-Identifier: Apache-2.0
/** An activation server on a real store with real secrets and devices, for simulated machines. */
import { randomBytes } from 'node:crypto'
import { createKernel } from '../../controller/kernel/kernel.ts'
import { ensureProject } from '../../controller/kernel/projects.ts'
import { kernelMigrations } from '../../controller/kernel/tables/migrations.ts'
import { type Activation, createActivation } from '../../controller/modules/oob/activation/activation.ts'
import { createDeviceCertificates } from '../../controller/modules/oob/activation/device-certificates.ts'
import {
  ACTIVATION_DEFAULTS,
  type ActivationConfig,
  type ActivationParts,
} from '../../controller/modules/oob/activation/parts.ts'
import { activationMigrations } from '../../controller/modules/oob/activation/tables.ts'
import { type DeviceSecret, deviceSecret } from '../../controller/modules/oob/devices/secrets.ts'
import { createDevices } from '../../controller/modules/oob/devices/store.ts'
import { deviceMigrations } from '../../controller/modules/oob/devices/tables.ts'
import type {
  CiraConfig,
  Profile,
  ProvisioningCertificate,
  ResolvedProfile,
} from '../../controller/modules/oob/records/records.ts'
import { masterKey } from '../../controller/secrets/seal.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { createSecrets, secretMigrations } from '../../controller/secrets/store.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import { type AmtMachine, type AmtMachineOptions, createAmtMachine } from '../../simulator/amt/machine.ts'
import { enoughMemory, silent, testSigner } from './kernel.ts'
import { makeProvisioningPfx, type ProvisioningPfx } from './pfx.ts'

export const GUID = '4c4c4544-005a-3510-8047-b4c04f564433'

export const PROFILE: Profile = {
  profileName: 'lab',
  activation: 'ccmactivate',
  generateRandomPassword: true,
  generateRandomMEBxPassword: true,
  ciraConfigName: null,
  tlsMode: null,
  tlsSigningAuthority: 'SelfSigned',
  tags: ['lab'],
  dhcpEnabled: true,
  ipSyncEnabled: true,
  localWifiSyncEnabled: false,
  uefiWifiSyncEnabled: false,
  wifiConfigs: [],
  proxyConfigs: [],
  ieee8021xProfileName: null,
  userConsent: 'All',
  iderEnabled: false,
  kvmEnabled: true,
  solEnabled: true,
}

export type Given = Partial<Omit<ResolvedProfile, 'profile'>> & { readonly profile?: Partial<Profile> }

/** A profile with what it names. */
export function resolved({ profile, ...more }: Given): ResolvedProfile {
  return {
    profile: { ...PROFILE, ...profile },
    amtPassword: undefined,
    mebxPassword: undefined,
    cira: undefined,
    ciraPassword: undefined,
    ieee8021x: undefined,
    wireless: [],
    proxies: [],
    ...more,
  }
}

let shared: ProvisioningPfx | undefined
/** Made once: RSA keys take their time. */
export function provisioning(): ProvisioningPfx {
  shared ??= makeProvisioningPfx({ suffix: 'example.com' })
  return shared
}

export function certificateOf(pfx: ProvisioningPfx): ProvisioningCertificate {
  const rootHashes = { sha1: pfx.rootSha1, sha256: pfx.rootSha256, sha384: pfx.rootSha384 }
  return { chain: pfx.chain, key: Secret.of(pfx.key), rootHashes, expires: '2099-01-01T00:00:00.000Z' }
}

export function ciraConfig(): CiraConfig {
  return {
    configName: 'cira',
    mpsServerAddress: 'mps.example.com',
    mpsPort: 4433,
    username: 'admin',
    commonName: 'mps.example.com',
    serverAddressFormat: 201,
    authMethod: 2,
    mpsRootCertificate: provisioning().chain.at(-1)!,
    proxyDetails: '',
  }
}

export type WorldOptions = {
  readonly profiles?: Record<string, Given>
  readonly file?: string
  readonly config?: Partial<ActivationConfig>
  readonly ordered?: ActivationParts['ordered']
  readonly callMs?: number
  readonly suffix?: string
  readonly pfx?: ProvisioningPfx
}

/** A controller's part that activates; `restart` makes a new one on the same store. */
export async function activationWorld(options: WorldOptions = {}) {
  const store = openSqlite(options.file ?? ':memory:')
  await store.migrate('kernel', kernelMigrations)
  await ensureProject(store, 'default', { clock: realClock, random: realRandom })
  await store.migrate('secrets', secretMigrations)
  await store.migrate('oob', { ...deviceMigrations, ...activationMigrations })
  const log: { level: string; message: string; fields: unknown }[] = []
  const say = (level: string) => (message: string, fields?: object) => void log.push({ level, message, fields })
  const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  const surroundings = { clock: realClock, random: realRandom, digest: sha256, log: silent }
  const settings = { installation: 'test', epoch: 1, restoredFrom: undefined }
  const { kernel } = createKernel({ ...surroundings, store, settings, signer: testSigner(), memory: enoughMemory })
  const secrets = createSecrets({ master: masterKey(randomBytes(32)), ...surroundings })
  const devices = createDevices({ secrets, now: () => realClock.now() })
  const profiles = options.profiles ?? {}
  const forgotten: string[] = []
  const parts: ActivationParts = {
    kernel,
    secrets,
    devices,
    reaches: { forget: guid => void forgotten.push(guid) },
    records: {
      resolveProfile: async (_db, _secrets, { project, name }) => {
        const found = profiles[project === 'default' ? name : `${project}/${name}`]
        return found === undefined ? undefined : resolved(found)
      },
      domainFor: async (_db, _project, suffix) =>
        suffix.endsWith(options.suffix ?? 'example.com')
          ? { profileName: 'd', domainSuffix: 'example.com', provisioningCertStorageFormat: 'raw', expirationDate: '' }
          : undefined,
      provisioningCertificate: async () => certificateOf(options.pfx ?? provisioning()),
    },
    certificates: createDeviceCertificates({ kernel, secrets }),
    ordered: options.ordered ?? (async () => undefined),
    config: { ...ACTIVATION_DEFAULTS, ...options.config },
    timing: { settleMs: 0, tlsMs: 0, callMs: options.callMs ?? 5_000, heartbeatMs: 1_000 },
    log: logger,
  }
  let activation: Activation = createActivation(parts)
  return {
    store,
    kernel,
    secrets,
    devices,
    parts,
    log,
    forgotten,
    profiles,
    get activation() {
      return activation
    },
    get routes() {
      return activation.sockets
    },
    /** The program stops, and another one starts on the same store. */
    async restart() {
      await activation.stop()
      activation = createActivation(parts)
      await activation.recover()
    },
    async candidates(kind: DeviceSecret, guid = GUID) {
      const all = await secrets.candidates(store, deviceSecret('default', guid, kind))
      return all.map(each => ({ state: each.state, version: each.version, text: each.value.use(text => text) }))
    },
    async stop() {
      await activation.stop()
      await store.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof activationWorld>>

export function machine(options: Partial<AmtMachineOptions> = {}): AmtMachine {
  return createAmtMachine({
    uuid: GUID,
    version: '16.1.25',
    sku: 'amt',
    clock: realClock,
    random: realRandom,
    dnsSuffix: 'example.com',
    trustedRoots: [provisioning().rootSha256],
    ...options,
  })
}
