// SPDX-License-Identifier: Apache-2.0
/** Puts a controller together and takes it apart again; any number of them run in one process. */
import { readFileSync } from 'node:fs'
import { HOUR, type Log } from '../plugins/contract/index.ts'
import { readHostCertificate } from '../provisioning/pki/host-certificate.ts'
import { fingerprintOf } from '../provisioning/pki/keys.ts'
import { blobStore } from './blobs/blobs.ts'
import { directoryBlobs } from './blobs/directory.ts'
import type { Bus, BusEvents, PeerIdentity } from './bus/bus.ts'
import { createEmbeddedBus } from './bus/embedded.ts'
import { createUpgrade } from './bus/websocket.ts'
import type { Resolved } from './config.ts'
import { type Listener, listen, problem as listenProblem, type TlsMaterial } from './http/listeners.ts'
import type { ServingCertificate } from './http/routes/system-certificates.ts'
import { createHttp } from './http/server.ts'
import { createSockets } from './http/sockets.ts'
import { type Authority, openAuthority } from './identity/authority.ts'
import { certificatesIn } from './identity/serving.ts'
import { type CertificateAuthority, certificateAuthority } from './kernel/authority.ts'
import { joinEventTypes, KERNEL_EVENTS } from './kernel/event-types.ts'
import { createKernel, type KernelSeed, type Late, NO_MODULES } from './kernel/kernel.ts'
import { type Enabled, orderModules } from './kernel/load.ts'
import type { AnyLive, AnyModule } from './kernel/module.ts'
import type { Surroundings } from './kernel/ports.ts'
import { problem } from './kernel/problems.ts'
import { ensureProject } from './kernel/projects.ts'
import { createSections, type Sections } from './kernel/sections.ts'
import { loadSettings, type Settings } from './kernel/settings.ts'
import { running } from './kernel/surface.ts'
import { kernelMigrations } from './kernel/tables/migrations.ts'
import type { Logs } from './log.ts'
import { catalog, titles } from './modules/catalog.ts'
import { recordStart } from './record-start.ts'
import { createRestore } from './restore.ts'
import { openSecrets } from './secrets/open.ts'
import { secretFilesIn } from './secrets/secret-files.ts'
import { secretFiles, secretStore } from './secrets/secrets.ts'
import { secretMigrations } from './secrets/store.ts'
import { openSqlite } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import { hostStreams, type Streams } from './streams/streams.ts'
import { createSwitchboard, type Switchboard } from './streams/switchboard.ts'
import { type DataFolder, openFolder } from './system/folder.ts'
import { createMemory, type Memory, marksOf, noteMemory, sharesOf } from './system/memory.ts'
import { keepBefore, type Ledger } from './upgrade.ts'
import { VERSION } from './version.ts'

export type ControllerOptions = {
  readonly config: Resolved
  readonly surroundings: Omit<Surroundings, 'log'>
  readonly logs: Logs
  /** Resident bytes of the process; asked of the system unless given. */
  readonly residentBytes?: () => number
}

export interface Controller {
  /** Addresses of the API, with the ports in force. */
  readonly urls: readonly URL[]
  readonly busPort: number
  readonly rootFingerprint: string
  readonly root: string
  /** Makes a one-time link for the first administrator, or the next. */
  setupLink(): Promise<string>
  readonly needsSetup: boolean
  /** Resolves when the controller asks to be started anew, on a restored database. */
  readonly restart: Promise<void>
  stop(): Promise<void>
}

type Parts = ControllerOptions & {
  readonly folder: DataFolder
  readonly store: Store
  readonly settings: Settings
  readonly authority: Authority
  readonly modules: readonly Enabled[]
}

/** Starts everything in order: store, authority, kernel, bus, modules, API. What fails on the way is taken down again. */
export async function startController(options: ControllerOptions): Promise<Controller> {
  const { config, surroundings, logs } = options
  const folder = openFolder(config.dataDir)
  const modules = orderModules(await enabledModules(config.modules), [
    certificateAuthority.id,
    secretStore.id,
    blobStore.id,
    secretFiles.id,
    hostStreams.id,
    running.id,
  ])
  const store = openSqlite(config.storeFile)
  try {
    const now = surroundings.clock.now()
    const kept = await keepBefore({ store, folder, ledgers: ledgersOf(modules), file: config.storeFile, now })
    if (kept !== undefined) logs.log.info('a copy of the database was kept before its tables change', { file: kept })
    await migrateAll(store, modules)
    const settings = await loadSettings(store, { ...surroundings, log: logs.log })
    const authority = await openAuthority({
      dir: folder.path('authority'),
      installation: settings.installation,
      epoch: settings.epoch,
      names: config.names,
      hostLifeMs: config.hostLifeMs,
      random: surroundings.random,
      now: () => surroundings.clock.now(),
      ...(config.certificate === undefined ? {} : { extraRoot: readFileSync(config.certificate.ca, 'utf8') }),
    })
    return await assemble({ ...options, folder, store, settings, authority, modules })
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

async function enabledModules(wanted: Resolved['modules']): Promise<readonly Enabled[]> {
  const enabled: Enabled[] = []
  for (const [name, config] of Object.entries(wanted)) {
    const importer = catalog[name]
    if (importer === undefined)
      throw problem('module-graph', `there is no module ${name}; there are ${Object.keys(catalog).join(', ')}`)
    enabled.push({ module: await importer(), config: config ?? {} })
  }
  return enabled
}

/** Every owner's tables; also used to see whether a backup fits this program. */
export async function migrateAll(store: Store, modules: readonly Enabled[]): Promise<void> {
  for (const [owner, migrations] of ledgersOf(modules)) await store.migrate(owner, migrations)
}

function ledgersOf(modules: readonly Enabled[]): readonly Ledger[] {
  return [
    ['kernel', kernelMigrations],
    ...(keepSecrets(modules) ? [['secrets', secretMigrations] as const] : []),
    ...modules.map(({ module }) => [module.name, module.migrations] as const),
  ]
}

/** Brings a database to where this program, with the modules of this configuration, wants it. */
export async function migrateFor(config: Resolved): Promise<(store: Store) => Promise<void>> {
  const modules = await enabledModules(config.modules)
  return store => migrateAll(store, modules)
}

/** Without a module that has secrets there is neither key nor table. */
function keepSecrets(modules: readonly Enabled[]): boolean {
  return modules.some(({ module }) =>
    Object.values(module.needs as Record<string, { id: string }>).some(({ id }) => id === secretStore.id),
  )
}

/** What must be taken down when the start fails half-way, last first. */
type Undo = (() => Promise<void> | void)[]

async function assemble(parts: Parts): Promise<Controller> {
  const undo: Undo = []
  try {
    return await raise(parts, undo)
  } catch (thrown) {
    for (const act of undo.reverse()) await act()
    throw thrown
  }
}

async function raise(parts: Parts, undo: Undo): Promise<Controller> {
  const { config, surroundings, logs, store, settings, authority } = parts
  const memory = createMemory({ ...surroundings, marks: marksOf(config.memory), read: parts.residentBytes })
  const seed = createKernel({
    ...surroundings,
    log: logs.log,
    store,
    settings,
    signer: authority.signer,
    eventsKept: config.eventsKept,
    memory: memory.state,
  })
  await firstProject(store, surroundings)
  const sections = sectionsOf(parts)
  const isShort = (): boolean => memory.state().level !== 'normal'
  const streams = createSwitchboard({ ...surroundings, bus: () => bus, isShort })
  await seed.clear()
  const events = streams.within(seed.busEvents)
  const bus = await openBus(parts, { events, streams, served: sections.served, memory })
  undo.push(() => bus.close())
  const urls: URL[] = []
  seed.complete({ ...NO_MODULES, bus, sections })
  const ports = { authority: portFor(parts, { bus: () => bus, urls }), streams }
  const live = await startModules(parts, seed, { ...ports, started: module => undo.push(async () => module.stop?.()) })
  seed.complete({
    bus,
    sections,
    facets: live.flatMap(({ facet }) => (facet === undefined ? [] : [facet])),
    hooks: live.flatMap(({ onReport }) => (onReport === undefined ? [] : [onReport])),
    ...hooksOf(
      live,
      parts.modules.map(({ module }) => module.name),
    ),
    eventTypes: joinEventTypes(
      KERNEL_EVENTS,
      ...[...parts.modules.map(({ module }) => module), ...live].map(({ events = [] }) => events),
    ),
  })
  undo.push(() => seed.stop())
  await seed.start()
  const unwatch = memory.watch(state => void noteMemory(seed.kernel, state))
  undo.push(unwatch)
  for (const module of live) await module.ready?.()
  const web = await openWeb(parts, { seed, live, bus })
  undo.push(async () => {
    for (const listener of web.listeners) await listener.close()
  })
  urls.push(...web.listeners.map(listener => listener.url))
  await recordStart(seed, settings)
  const renewing = keepServerCertificate(parts, web.listeners)
  const admin = await seed.kernel.principals.hasAdministrator()
  return {
    urls,
    busPort: bus.port,
    rootFingerprint: rootOf(parts).fingerprint,
    root: rootOf(parts).pem,
    needsSetup: !admin,
    setupLink: async () => `${publicUrl(config, urls)}/setup#${await seed.kernel.principals.createSetup()}`,
    restart: web.restart,
    stop: async () => {
      unwatch()
      renewing()
      for (const listener of web.listeners) await listener.close()
      await web.http.close()
      streams.close()
      await bus.close()
      for (const module of [...live].reverse()) await module.stop?.()
      await seed.stop()
      await store.close()
    },
  }
}

function sectionsOf({ modules, config }: Parts): Sections {
  const served = modules.flatMap(({ module }) =>
    module.serves.map((section: AnyModule['serves'][number]) => ({
      section,
      owner: module.owns.includes(section) ? module.name : undefined,
    })),
  )
  return createSections(served, config.sections)
}

/** What the kernel asks of modules. Those that build on others let go of a project first. */
function hooksOf(
  live: readonly AnyLive[],
  names: readonly string[],
): Pick<Late, 'blockers' | 'leaving' | 'patches' | 'holds' | 'grants' | 'eventHooks' | 'past'> {
  return {
    // Modules come to life in the order of their names' list.
    blockers: live.flatMap((module, at) => {
      const ask = module.blockers?.bind(module)
      return ask === undefined ? [] : [{ module: names[at] ?? '', ask }]
    }),
    leaving: live.flatMap(module => module.leaveProject?.bind(module) ?? []).reverse(),
    patches: live.flatMap(({ patch }) => (patch === undefined ? [] : [patch])),
    holds: live.flatMap(module => module.holdsHost?.bind(module) ?? []),
    grants: live.flatMap(module => module.grants?.bind(module) ?? []),
    eventHooks: live.flatMap(({ onEvent }) => (onEvent === undefined ? [] : [onEvent])),
    past: live.find(({ past }) => past !== undefined)?.past,
  }
}

type BusParts = {
  readonly events: BusEvents
  readonly streams: Switchboard
  readonly served: ReadonlySet<string>
  readonly memory: Memory
}

async function openBus(
  { config, surroundings, logs, authority }: Parts,
  { events, streams, served, memory }: BusParts,
): Promise<Bus> {
  return createEmbeddedBus({
    listen: { host: config.bus.host, port: config.bus.port },
    tls: () => authority.server(),
    identify,
    knownSections: () => served,
    isOpenStream: (owner, stream) => streams.isOpen(owner, stream),
    clock: surroundings.clock,
    log: logs.log,
    trustLoopback: config.bus.trustLoopback,
    keyExchange: config.bus.keyExchange,
    memoryUse: memory.use,
    limits: { memory: sharesOf(memory.state()) },
    events,
  }).catch((thrown: NodeJS.ErrnoException) => {
    throw thrown.code === 'EADDRINUSE'
      ? listenProblem('address-in-use', `${config.bus.host}:${config.bus.port}`)
      : thrown
  })
}

function identify(der: Buffer): PeerIdentity | undefined {
  return readHostCertificate(der)
}

function portFor(parts: Parts, late: { bus: () => Bus; urls: readonly URL[] }): CertificateAuthority {
  const { authority, config } = parts
  return {
    rootFingerprint: rootOf(parts).fingerprint,
    trust: () => authority.trust(),
    issueHost: request => authority.issueHost(request),
    // An empty host part tells hosts to dial the name they enrolled at.
    broker: () => config.bus.announce ?? `:${late.bus().port}`,
    url: () => publicUrl(config, late.urls),
    host: publicHost(config),
    ports: () => [
      late.bus().port,
      ...late.urls.map(({ port, protocol }) => Number(port) || (protocol === 'http:' ? 80 : 443)),
    ],
    isPublic: config.certificate !== undefined,
  }
}

/**
 * Known before anything listens: the name of the public address or of the first listener, a full name this machine
 * answers to, or an address of it. A short name is no answer: others may not resolve it, and firmware takes none.
 */
function publicHost({ url, listen, names }: Resolved): string {
  if (url !== undefined) return new URL(url).hostname
  const first = listen.find(each => each.startsWith('https:')) ?? listen[0]
  const name = first === undefined ? '' : new URL(first).hostname.replace(/^\[|\]$/g, '')
  const wild = name === '' || name === '0.0.0.0' || name === '::' || name === 'localhost'
  if (!wild) return name
  const full = names.find(each => each.includes('.') && /[a-z]$/i.test(each))
  const address = names.find(each => /^\d+(\.\d+){3}$/.test(each) && !each.startsWith('127.'))
  return full ?? address ?? '127.0.0.1'
}

/** The root that join tokens name: of our own authority, or of the user's certificate. */
function rootOf({ config, authority }: Parts): { readonly pem: string; readonly fingerprint: string } {
  if (config.certificate === undefined) return { pem: authority.root, fingerprint: authority.rootFingerprint }
  const pem = readFileSync(config.certificate.ca, 'utf8')
  return { pem, fingerprint: fingerprintOf(pem) }
}

function publicUrl(config: Resolved, urls: readonly URL[]): string {
  if (config.url !== undefined) return config.url.replace(/\/$/, '')
  const secure = urls.find(url => url.protocol === 'https:') ?? urls[0]
  if (secure === undefined) return ''
  const wild = secure.hostname === '0.0.0.0' || secure.hostname === '[::]'
  return `${secure.protocol}//${wild ? 'localhost' : secure.hostname}:${secure.port}`
}

type Offers = {
  readonly authority: CertificateAuthority
  readonly streams: Streams
  /** Told of each module that has started. */
  readonly started: (module: AnyLive) => void
}

async function startModules(parts: Parts, seed: KernelSeed, offers: Offers): Promise<AnyLive[]> {
  const { authority, streams } = offers
  const { modules, store, config, surroundings, folder } = parts
  const offered = new Map<string, unknown>([
    [certificateAuthority.id, authority],
    [hostStreams.id, streams],
    [blobStore.id, directoryBlobs(folder.path('blobs'))],
    [secretFiles.id, secretFilesIn(config.dataDir)],
    [running.id, { version: VERSION, modules: modules.map(({ module }) => module.name) }],
  ])
  if (keepSecrets(modules))
    offered.set(secretStore.id, await openSecrets({ ...surroundings, store, file: config.secretsKey }))
  const live: AnyLive[] = []
  for (const { module, config } of modules) {
    const bound = (ports: Record<string, { id: string }>) =>
      Object.fromEntries(
        Object.entries(ports).flatMap(([name, { id }]) => (offered.has(id) ? [[name, offered.get(id)]] : [])),
      )
    const started: AnyLive = await module.start({
      kernel: seed.kernel,
      config,
      needs: bound(module.needs),
      wants: bound(module.wants),
    })
    for (const [name, { id }] of Object.entries(module.offers as Record<string, { id: string }>))
      offered.set(id, started.offers[name])
    live.push(started)
    offers.started(started)
  }
  return live
}

type WebParts = { readonly seed: KernelSeed; readonly live: readonly AnyLive[]; readonly bus: Bus }

async function openWeb(parts: Parts, { seed, live, bus }: WebParts) {
  const { config, surroundings, logs, folder, modules } = parts
  const { promise: restart, resolve } = Promise.withResolvers<void>()
  const names = new Set(
    [...config.names, ...(config.url === undefined ? [] : [new URL(config.url).hostname])].map(name =>
      name.toLowerCase(),
    ),
  )
  const enabled = new Map(modules.map(({ module }) => [module.name, module]))
  const listeners: Listener[] = []
  const http = await createHttp({
    kernel: seed.kernel,
    modules: live,
    names,
    limits: {
      perPerson: config.requestsPerMinute.person,
      perAddress: config.requestsPerMinute.address,
      isShort: () => seed.kernel.memory().level !== 'normal',
    },
    log: logs.http,
    acts: {
      version: VERSION,
      startedAt: surroundings.clock.monotonic(),
      url: () =>
        publicUrl(
          config,
          listeners.map(({ url }) => url),
        ),
      rootFingerprint: rootOf(parts).fingerprint,
      modules: Object.entries(titles).map(([name, title]) => ({
        name,
        title,
        version: enabled.get(name)?.version ?? VERSION,
        enabled: enabled.has(name),
      })),
      scratch: name => folder.path('passing', name),
      space: () => folder.space(),
      certificates: () => servingCertificates(parts),
      restore: createRestore({ ...parts, migrateAll: target => migrateAll(target, modules), placed: resolve }),
    },
  })
  const upgrade = createSockets({
    routes: live.flatMap(({ sockets = [] }) => sockets),
    names,
    log: logs.log,
    otherwise: createUpgrade({ bus: () => bus, identify }),
  })
  for (const text of config.listen) {
    listeners.push(await listen({ url: new URL(text), tls: () => webTls(parts), handle: http.routing, upgrade }))
  }
  return { http, listeners, restart }
}

function webTls({ config, authority }: Parts): TlsMaterial {
  const own = authority.server()
  if (config.certificate === undefined) return own
  const { cert, key, ca } = config.certificate
  // The root goes along, because a host that enrolls knows nothing but its fingerprint.
  return {
    cert: `${readFileSync(cert, 'utf8').trim()}\n${readFileSync(ca, 'utf8').trim()}\n`,
    key: readFileSync(key, 'utf8'),
    ca: own.ca,
  }
}

/** What the controller shows to those who connect, and what it issues with. */
function servingCertificates({ config, authority }: Parts): readonly ServingCertificate[] {
  const own = certificatesIn(authority.server().cert, ['server', 'issuing', 'root'])
  if (config.certificate === undefined) return own
  return [...own, ...certificatesIn(readFileSync(config.certificate.cert, 'utf8'), ['listener'])]
}

const DEFAULT_PROJECT = 'default'

async function firstProject(store: Store, surroundings: ControllerOptions['surroundings']): Promise<void> {
  await ensureProject(store, DEFAULT_PROJECT, surroundings)
}

/** Looks every hour whether the server's certificate is due, and reloads it without closing anything. */
function keepServerCertificate(
  { surroundings, authority, logs, config }: Parts,
  listeners: readonly Listener[],
): () => void {
  let stop = (): void => {}
  const look = async (log: Log): Promise<void> => {
    try {
      const renewed = await authority.renewServer()
      // A user's own certificate may have been renewed under us at any time.
      if (renewed || config.certificate !== undefined) for (const listener of listeners) listener.renew()
    } catch (thrown) {
      log.error('the server certificate was not renewed', { error: String(thrown) })
    }
    stop = surroundings.clock.after(HOUR, () => void look(log))
  }
  stop = surroundings.clock.after(HOUR, () => void look(logs.log))
  return () => stop()
}
