// SPDX-License-Identifier: Apache-2.0
/** Kills a controller under load at moments drawn from a seed, and checks that nothing it acknowledged is lost. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readAuditKey, verifyExport } from '../../controller/cli/audit-verify.ts'
import { inspectSqlite } from '../../controller/store/sqlite.ts'
import { lightFleet } from './light-fleet.ts'
import type { LightHost } from './light-host.ts'
import { type ControllerProcess, controllerProcess } from './process.ts'

export type KillOptions = {
  readonly kills: number
  readonly seed: number
  readonly hosts?: number
  readonly note?: (line: string) => void
}

/** What was acknowledged, all of it found again. */
export type KillReport = {
  readonly kills: number
  /** Of them, while the controller was starting, and while it made its database for the first time. */
  readonly duringStart: number
  readonly duringFirstStart: number
  readonly receipts: number
  readonly writes: number
  readonly commands: number
  readonly auditEntries: number
}

/** What others were told is durable. */
type Promises = {
  /** The newest number each host was told is stored. */
  readonly reports: Map<string, number>
  /** Commands whose outcome a receipt named. */
  readonly results: Set<string>
  /** Commands that were accepted. */
  readonly commands: Set<string>
  readonly desired: Map<string, { readonly revision: number; readonly hostname: string }>
  /** Hosts that were registered, by id. */
  readonly registered: Set<string>
  /** Writes each of which has an entry in the audit of the project. */
  writes: number
  receipts: number
}

const PROJECT = '/v1/projects/default'
const FIRST_STARTS = 0.1
const IN_START = 0.25

/** Throws at the first thing that was acknowledged and is not there. */
export async function killAgainAndAgain({
  kills,
  seed,
  hosts: count = 20,
  note = () => {},
}: KillOptions): Promise<KillReport> {
  const random = createRandom(seed)
  const firstStarts = Math.max(1, Math.round(kills * FIRST_STARTS))
  for (let at = 1; at < firstStarts; at++) await killFirstStart(200 + random() * 1_500)
  note(`${firstStarts} killed while they made their database: all start`)
  const promises: Promises = {
    ...{ reports: new Map(), results: new Set(), commands: new Set(), desired: new Map(), registered: new Set() },
    ...{ writes: 0, receipts: 0 },
  }
  const controller = await controllerProcess({}, [], { killFirstAfterMs: 200 + random() * 1_500 })
  const hosts = await lightFleet(controller, { count, maxWaitMs: 500, onDurable: message => keep(promises, message) })
  const load = startLoad(controller, hosts, promises)
  let duringStart = 0
  try {
    for (let at = firstStarts; at < kills; at++) {
      await sleep(200 + random() * 1_300)
      await controller.kill('SIGKILL')
      checkFile(controller)
      if (random() < IN_START) {
        duringStart++
        at++
        controller.launch()
        await sleep(random() * 1_500)
        await controller.kill('SIGKILL')
        checkFile(controller)
      }
      await controller.start()
      await checkPromises(controller, promises)
      note(
        `kill ${Math.min(at + 1, kills)}: ${promises.receipts} receipts, ${promises.writes} writes, ${promises.commands.size} commands: all there`,
      )
    }
    await load.stop()
    await checkPromises(controller, promises)
    const auditEntries = await checkAudit(controller, promises)
    return {
      kills,
      duringStart,
      duringFirstStart: firstStarts,
      receipts: promises.receipts,
      writes: promises.writes,
      commands: promises.commands.size,
      auditEntries,
    }
  } finally {
    await load.stop()
    for (const host of hosts) host.leave()
    await controller.remove()
  }
}

async function killFirstStart(afterMs: number): Promise<void> {
  const controller = await controllerProcess({}, [], { killFirstAfterMs: afterMs })
  try {
    checkFile(controller)
    const answer = await controller.call('GET', `${PROJECT}/compute/hosts`)
    if (answer.status !== 200) throw new Error(`after a kill in its first start: ${answer.text}`)
  } finally {
    await controller.remove()
  }
}

function keep(promises: Promises, { topic, body }: { readonly topic: string; readonly body: any }): void {
  promises.receipts++
  const [, , , host = '', kind] = topic.split('/')
  if (kind === 'result') promises.results.add(body.command)
  else promises.reports.set(host, Math.max(promises.reports.get(host) ?? 0, body.observed.packages.count))
}

function startLoad(controller: ControllerProcess, hosts: readonly LightHost[], promises: Promises) {
  let over = false
  const again = async (act: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 1; !over; turn++) {
      await act(turn).catch(() => undefined) // nobody is there, and nothing was promised
      await sleep(20)
    }
  }
  for (const host of hosts) host.stay()
  const work = [
    ...hosts.map((host, at) =>
      again(async turn => {
        await Promise.race([host.report('os', numbered(turn)), sleep(2_000)])
        await sleep(at * 5)
      }),
    ),
    ...hosts.slice(0, 4).map(({ identity }) => again(turn => desire(controller, promises, identity.host, turn))),
    ...hosts.slice(0, 8).map(({ identity }) => again(() => command(controller, promises, identity.host))),
    again(turn => register(controller, promises, turn)),
  ]
  return {
    stop: async () => {
      over = true
      await Promise.all(work)
    },
  }
}

const numbered = (count: number): object => ({
  hostname: 'light',
  release: { id: 'debian' },
  kernel: { release: '6.1.0' },
  packages: { manager: 'dpkg', count },
})

async function desire(controller: ControllerProcess, promises: Promises, host: string, turn: number): Promise<void> {
  const hostname = `turn-${turn}`
  const path = `${PROJECT}/compute/hosts/${host}/sections/os/desired`
  const { status, body } = await controller.call('PUT', path, { content: { hostname } })
  if (status !== 200) return
  promises.writes++
  promises.desired.set(host, { revision: body.revision, hostname })
}

async function command(controller: ControllerProcess, promises: Promises, host: string): Promise<void> {
  const path = `${PROJECT}/compute/hosts/${host}/commands`
  const { status, body } = await controller.call('POST', path, { section: 'hardware', name: 'refresh' })
  if (status !== 202) return
  promises.commands.add(body.id)
  promises.writes++
  await sleep(50)
}

async function register(controller: ControllerProcess, promises: Promises, turn: number): Promise<void> {
  const wish = { name: `wished-${turn}`, serialNumber: `W${turn}` }
  const { status, body } = await controller.call('POST', `${PROJECT}/compute/hosts/register`, wish)
  if (status >= 300) return
  promises.registered.add(body.resourceId)
  promises.writes++
  await sleep(100)
}

/** The copy is opened as the controller will open the original, which nobody has touched since the kill. */
function checkFile(controller: ControllerProcess): void {
  const copy = mkdtempSync(join(tmpdir(), 'muster-killed-'))
  const file = join(controller.dir, 'data', 'controller.db')
  try {
    if (!existsSync(file)) return
    for (const end of ['', '-wal'])
      if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, join(copy, `c.db${end}`))
    inspectSqlite(join(copy, 'c.db'))
  } catch (thrown) {
    // Killed before its first migration was through, it holds no installation yet.
    if (!String(thrown).includes('no Muster installation')) throw thrown
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function checkPromises(controller: ControllerProcess, promises: Promises): Promise<void> {
  const told = structuredClone({ ...promises })
  const read = async (path: string): Promise<any> => {
    for (;;) {
      const answer = await controller.call('GET', `${PROJECT}${path}`).catch(() => undefined)
      if (answer?.status === 200) return answer.body
      // Overload right after a start is told as such, and passes.
      if (answer !== undefined && answer.status !== 503) throw new Error(`${path}: ${answer.text}`)
      await sleep(50)
    }
  }
  for (const [host, count] of told.reports) {
    const { observed } = await read(`/compute/hosts/${host}/sections/os/reported`)
    if (observed.packages.count < count)
      throw new Error(`${host} was told that report ${count} is stored; there is ${observed.packages.count}`)
  }
  for (const [host, { revision, hostname }] of told.desired) {
    const now = await read(`/compute/hosts/${host}/sections/os/desired`)
    if (now.revision < revision || (now.revision === revision && now.content.hostname !== hostname))
      throw new Error(`revision ${revision} of ${host} was acknowledged; there is ${now.revision}`)
  }
  for (const id of told.commands) {
    const { state } = await read(`/commands/${id}`)
    if (told.results.has(id) && state !== 'succeeded')
      throw new Error(`the outcome of ${id} was acknowledged; it is ${state}`)
    if (state !== 'queued' && state !== 'sent') promises.commands.delete(id)
  }
  for (const id of told.registered) {
    await read(`/compute/hosts/${id}`)
    promises.registered.delete(id)
  }
}

/** Answers how many entries there are: at least one for each acknowledged write. */
async function checkAudit(controller: ControllerProcess, { writes }: Promises): Promise<number> {
  const { body } = await controller.call('GET', '/v1/audit/key')
  const { text } = await controller.call('GET', '/v1/audit/export?project=default')
  const lines = text.trimEnd().split('\n')
  const verdict = await verifyExport(
    (async function* () {
      yield* lines
    })(),
    [readAuditKey(body.publicKey ?? body.pem)],
  )
  if (verdict.flaw !== undefined) throw new Error(`the audit does not verify: ${verdict.flaw.says}`)
  if (verdict.entries < writes)
    throw new Error(`${writes} writes were acknowledged, and the audit has ${verdict.entries} entries`)
  return verdict.entries
}

/** Mulberry32: the same numbers for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
