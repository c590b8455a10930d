// SPDX-License-Identifier: Apache-2.0
/** `muster-agent doctor`: looks for what is wrong and says what to do; changes nothing and may run at any time. */

import { lookup } from 'node:dns/promises'
import { constants, existsSync } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { asProblem, DAY, Problem } from '../../plugins/contract/index.ts'
import { FIXED_ENVIRONMENT } from '../hosting/plugin-host.ts'
import type { Identity } from '../identity/identity.ts'
import { dialTls } from '../link/dial.ts'
import { endpointOf } from '../link/https.ts'
import { openWebSocket } from '../link/websocket.ts'
import { loadPolicy } from '../policy.ts'
import { inspectJournal } from '../state/journal.ts'
import { BUILT_AT } from '../version.ts'
import { lookAtHelper } from './privileged-look.ts'
import { type Catalog, loadPlugins, packageOf, type Surroundings, surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

type Verdict = { readonly ok: boolean | 'skipped'; readonly detail: string; readonly hint?: string }
export type Finding = Verdict & { readonly check: string }

type Patient = Surroundings & {
  readonly identity: Identity | undefined
  readonly catalog: Catalog
  readonly signal: AbortSignal
}
type Check = readonly [name: string, look: (patient: Patient) => Promise<Verdict>]

const good = (detail = ''): Verdict => ({ ok: true, detail })
const bad = (detail: string, hint: string): Verdict => ({ ok: false, detail, hint })
const LOW_DISK_BYTES = 50 * 2 ** 20
const CHECK_WITHIN_MS = 15_000
const UNHEALTHY = 1

/** 0 when all is well, 1 when something is wrong. */
export async function doctor(
  options: { readonly config: string; readonly json?: boolean },
  catalog: Catalog,
  terminal: Terminal,
): Promise<number> {
  const findings: Finding[] = []
  const tell = (finding: Finding): void => {
    findings.push(finding)
    if (options.json !== true) terminal.out(line(finding))
  }
  const around = await surroundings(options.config).catch((thrown: unknown) => {
    tell({ check: 'configuration', ...failure(thrown) })
    return undefined
  })
  if (around !== undefined) {
    tell({ check: 'configuration', ...good(options.config) })
    await examine(around, catalog, tell)
  }
  if (options.json === true) terminal.out(`${JSON.stringify({ findings }, null, 2)}\n`)
  return findings.some(({ ok }) => ok === false) ? UNHEALTHY : 0
}

async function examine(around: Surroundings, catalog: Catalog, tell: (finding: Finding) => void): Promise<void> {
  const identity = await around.identities.candidates().then(
    ([first]) => first,
    () => undefined,
  )
  for (const [check, look] of CHECKS) {
    const signal = AbortSignal.timeout(CHECK_WITHIN_MS)
    const verdict = await look({ ...around, identity, catalog, signal }).catch(failure)
    tell({ check, ...verdict })
  }
}

function failure(thrown: unknown): Verdict {
  const { title, detail, next } = asProblem(thrown)
  const said =
    thrown instanceof Problem
      ? [title, detail].filter(Boolean).join(': ')
      : String(thrown instanceof Error ? thrown.message : thrown)
  return { ok: false, detail: said, ...(next === undefined ? {} : { hint: next }) }
}

function line({ check, ok, detail, hint }: Finding): string {
  const mark = ok === 'skipped' ? '–' : ok ? '✓' : '✗'
  return `${mark} ${check}${detail === '' ? '' : `  ${detail}`}\n${hint === undefined ? '' : `    try: ${hint}\n`}`
}

const whenEnrolled =
  (look: (identity: Identity, patient: Patient) => Promise<Verdict>): Check[1] =>
  async patient =>
    patient.identity === undefined ? { ok: 'skipped', detail: 'not enrolled' } : look(patient.identity, patient)

const CHECKS: readonly Check[] = [
  ['state folder', stateFolder],
  ['disk space', diskSpace],
  ['identity', identityThere],
  ['certificate', whenEnrolled(certificateLife)],
  ['journal', journalSound],
  ['clock', whenEnrolled(clockPlausible)],
  ['policy file', policyReadable],
  ['plugins', pluginsLoad],
  ['programs', programsThere],
  ['helper', helperAnswers],
  ['proxy', whenEnrolled(proxyUsed)],
  ['DNS', whenEnrolled(nameResolves)],
  ['controller', whenEnrolled(controllerReached)],
  ['broker', whenEnrolled(brokerReached)],
  ['WebSocket', whenEnrolled(webSocketReached)],
]

async function stateFolder({ config }: Patient): Promise<Verdict> {
  const there = await stat(config.stateDir).catch(() => undefined)
  if (there === undefined)
    return bad(`${config.stateDir} is not there`, 'enroll the machine, which makes it, or correct stateDir')
  if ((there.mode & 0o077) !== 0) return bad(`${config.stateDir} is open to others`, `chmod 700 ${config.stateDir}`)
  await access(config.stateDir, constants.W_OK)
  return good(config.stateDir)
}

async function diskSpace({ config }: Patient): Promise<Verdict> {
  const { bavail, bsize } = await statfs(config.stateDir)
  const free = bavail * bsize
  if (free < LOW_DISK_BYTES)
    return bad(`${Math.round(free / 2 ** 20)} MB left`, `make room on the file system of ${config.stateDir}`)
  return good(`${Math.round(free / 2 ** 20)} MB left`)
}

async function identityThere({ identities }: Patient): Promise<Verdict> {
  const [identity] = await identities.candidates()
  if (identity === undefined) return bad('not enrolled', 'run `muster-agent enroll <url> <token>`')
  return good(`${identity.host} in project ${identity.project}`)
}

async function certificateLife({ notAfter }: Identity, { system }: Patient): Promise<Verdict> {
  const days = Math.floor((notAfter - system.clock.now()) / DAY)
  if (days < 0) return bad(`ended ${-days} days ago`, 'start the agent: it asks to rejoin; after 180 days enroll anew')
  return good(`${days} days left`)
}

async function journalSound({ journalFile, system }: Patient): Promise<Verdict> {
  if ((await system.files.read(journalFile).catch(() => undefined)) === undefined)
    return { ok: 'skipped', detail: 'there is none yet' }
  const wrong = inspectJournal(journalFile)
  return wrong === undefined
    ? good()
    : bad(wrong, 'restart the agent: it puts a damaged journal aside and begins a new one')
}

async function clockPlausible(_: Identity, { system }: Patient): Promise<Verdict> {
  if (system.clock.now() < BUILT_AT)
    return bad('the clock is earlier than this program', 'set the clock, or let NTP do it')
  return good(new Date(system.clock.now()).toISOString())
}

async function policyReadable({ config, system }: Patient): Promise<Verdict> {
  const { fault, deny } = await loadPolicy(system.files, config.policyFile)
  if (fault !== undefined) return bad(fault, 'correct it; until then only looking is allowed')
  return good(deny.length === 0 ? 'denies nothing' : `denies ${deny.join(', ')}`)
}

async function pluginsLoad({ config, catalog }: Patient): Promise<Verdict> {
  const loaded = (await loadPlugins(config, catalog)).map(plugin => plugin.manifest.name)
  const absent = config.plugins === undefined ? Object.keys(catalog).filter(name => !loaded.includes(name)) : []
  const said = absent.map(name => `${name} is not installed (package ${packageOf(name)})`)
  return good([loaded.join(', '), ...said].join('; '))
}

async function helperAnswers({ config, identity }: Patient): Promise<Verdict> {
  const found = await lookAtHelper(config.helper, identity)
  if (found.state === 'none') return { ok: 'skipped', detail: 'none is configured: the agent needs to be root' }
  if (found.state === 'sound') return good(`${found.socket}, version ${found.version}`)
  return bad(found.why, found.next)
}

/** Where packages put programs for plugins, then where the system has its own. */
const PROGRAM_FOLDERS = ['/usr/lib/muster-agent/bin', ...FIXED_ENVIRONMENT.PATH.split(':')]

/** What a plugin cannot find it says itself when it is needed; here it is said beforehand. */
async function programsThere({ config, catalog }: Patient): Promise<Verdict> {
  const wanted = (await loadPlugins(config, catalog)).flatMap(({ manifest: { name, permissions } }) =>
    (permissions.run ?? []).map(program => ({ name, program })),
  )
  const absent = wanted.filter(
    ({ program }) =>
      !PROGRAM_FOLDERS.some(folder => existsSync(program.startsWith('/') ? program : join(folder, program))),
  )
  if (absent.length === 0) return good('all that plugins ask for')
  return good(`not installed: ${absent.map(({ name, program }) => `${program} (for ${name})`).join(', ')}`)
}

async function proxyUsed({ broker }: Identity, { system }: Patient): Promise<Verdict> {
  const proxy = system.network.proxyFor(broker)
  return good(proxy === undefined ? 'none' : `through ${proxy.host}`)
}

async function nameResolves({ url }: Identity): Promise<Verdict> {
  const { hostname } = new URL(url)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return { ok: 'skipped', detail: `${hostname} is an address` }
  const found = await lookup(hostname).catch(() => undefined)
  return found === undefined
    ? bad(`${hostname} is unknown`, `look at /etc/resolv.conf, then: getent hosts ${hostname}`)
    : good(`${hostname} is ${found.address}`)
}

async function controllerReached({ url, trust }: Identity, { system, signal }: Patient): Promise<Verdict> {
  const endpoint = endpointOf(url)
  if (endpoint === undefined) return bad(url, 'enroll anew')
  const socket = await dialTls({ system, target: endpoint.target, trust: { roots: trust.head.roots }, signal })
  socket.destroy()
  return good(url)
}

async function brokerReached(identity: Identity, { system, signal }: Patient): Promise<Verdict> {
  const { broker, trust } = identity
  const socket = await dialTls({ system, target: broker, trust: { roots: trust.head.roots }, identity, signal })
  socket.destroy()
  return good(`${broker.host}:${broker.port}`)
}

async function webSocketReached(identity: Identity, { system, signal }: Patient): Promise<Verdict> {
  const endpoint = endpointOf(identity.url)
  if (endpoint === undefined) return bad(identity.url, 'enroll anew')
  const tls = await dialTls({
    system,
    target: endpoint.target,
    trust: { roots: identity.trust.head.roots },
    identity,
    signal,
  })
  const stream = await openWebSocket(tls, endpoint.origin, signal)
  stream.destroy()
  return good(`${endpoint.origin}/mqtt`)
}
