// SPDX-License-Identifier: Apache-2.0
/** The controller's own writes, a report with its event and every tenth with an audit entry, on three stores in one run. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { cpuSecondsOfTrees } from './descendants.ts'
import { cpuSecondsOf, type Figure, print, shownValue } from './support.ts'

const ROWS = Number(process.env.BENCH_ROWS ?? 20_000)
/** As many as the controller's ingest writes in one transaction under load; alone, a message is one of its own. */
const BATCHES = [1, 200]
const HOSTS = 1_000

type Report = { readonly host: string; readonly observed: string; readonly at: string; readonly n: number }

interface Peer {
  readonly name: string
  /** Writes all of them, so many in a transaction, each transaction durable to the same degree. */
  write(reports: readonly Report[], batch: number): Promise<void>
  cpuSeconds(): number
  bytes(): number
  close(): Promise<void>
}

const SCHEMA = [
  `create table reported (project text not null, host text not null, section text not null, revision bigint not null,
     status text not null, observed text not null, plugin text not null, at text not null, received_at text not null,
     primary key (project, host, section))`,
  'create index reported_unsettled on reported (status, project, host, section)',
  `create table events (id INTEGER_KEY, at text not null, project text not null, type text not null,
     subject text not null, data text not null)`,
  'create index events_project on events (project)',
  `create table audit (chain text not null, n bigint not null, at text not null, entry text not null, prev text not null,
     hash text not null, primary key (chain, n))`,
]
const UPSERT = `insert into reported values ('default', ?, 'os', ?, 'settled', ?, '{"name":"os","version":"0.1.0"}', ?, ?)
  on conflict (project, host, section) do update set revision = excluded.revision, status = excluded.status,
  observed = excluded.observed, plugin = excluded.plugin, at = excluded.at, received_at = excluded.received_at`
const EVENT = "insert into events (at, project, type, subject, data) values (?, 'default', 'document.reported', ?, ?)"
const AUDIT = "insert into audit values ('default', ?, ?, ?, ?, ?)"
const AUDIT_EVERY = 10

export async function run(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  const reports = Array.from({ length: ROWS }, (_, n) => reportOf(n))
  for (const batch of BATCHES) {
    const own = await measure(await ours(), reports, batch)
    for (const make of [async () => plain(), postgres]) {
      const peer = await make()
      if (peer === undefined) {
        process.stdout.write('PostgreSQL 15 is not installed here, so it is left out\n')
        continue
      }
      const measured = await measure(peer, reports, batch)
      figures.push(...compared(own, measured))
    }
    figures.push(...compared(own))
  }
  for (const figure of figures) print(figure)
  return figures
}

function reportOf(n: number): Report {
  const host = `host-${(n % HOSTS).toString(16).padStart(8, '0')}`
  const observed = JSON.stringify({
    hostname: `edge-${n}`,
    kernel: { release: '6.1.0-30-amd64' },
    note: 'a'.repeat(160),
  })
  return { host, observed, at: new Date(1_790_000_000_000 + n).toISOString(), n }
}

type Measured = { readonly what: string; readonly perS: number; readonly cpuMs: number; readonly bytes: number }

async function measure(peer: Peer, reports: readonly Report[], batch: number): Promise<Measured> {
  try {
    process.stdout.write(`  ${peer.name}, ${batch} in a transaction\n`)
    const [cpu, began] = [peer.cpuSeconds(), performance.now()]
    await peer.write(reports, batch)
    const seconds = (performance.now() - began) / 1_000
    const cpuMs = ((peer.cpuSeconds() - cpu) / reports.length) * 1e6
    const what = `${peer.name}, ${batch} in a transaction`
    return { what, perS: reports.length / seconds, cpuMs, bytes: peer.bytes() / reports.length }
  } finally {
    await peer.close()
  }
}

function compared(own: Measured, other: Measured = own): readonly Figure[] {
  const ratio = (mine: number, theirs: number): string =>
    other === own ? '' : `ours is ${shownValue(mine / theirs)} ×`
  return [
    { name: `reports per second: ${other.what}`, value: other.perS, unit: ratio(own.perS, other.perS) },
    { name: `CPU ms for 1,000 reports: ${other.what}`, value: other.cpuMs, unit: ratio(own.cpuMs, other.cpuMs) },
    { name: `bytes on disk for a report: ${other.what}`, value: other.bytes, unit: ratio(own.bytes, other.bytes) },
  ]
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const batchesOf = (reports: readonly Report[], size: number): readonly (readonly Report[])[] =>
  Array.from({ length: Math.ceil(reports.length / size) }, (_, at) => reports.slice(at * size, (at + 1) * size))

const folder = (): string => mkdtempSync(join(tmpdir(), 'muster-store-'))

/** Without the log of what was written last, which is there for every store and belongs to no row. */
function sizeOf(file: string): number {
  const db = new Database(file)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  return statSync(file).size
}

/** The controller's store as shipped: kysely over better-sqlite3, one writer, WAL with synchronous=NORMAL. */
async function ours(): Promise<Peer> {
  const file = join(folder(), 'ours.db')
  const store = openSqlite(file)
  const raw = new Database(file)
  for (const each of SCHEMA) raw.exec(each.replace('INTEGER_KEY', 'integer primary key autoincrement'))
  raw.close()
  return {
    name: "the controller's store",
    write: async (reports, batch) => {
      for (const some of batchesOf(reports, batch)) {
        await store.change(async tx => {
          const db = tx.installation<Tables>()
          for (const { host, observed, at, n } of some) {
            const row = { revision: n, status: 'settled', observed, plugin: PLUGIN, at, received_at: at }
            await db
              .insertInto('reported')
              .values({ project: 'default', host, section: 'os', ...row })
              .onConflict(clash => clash.columns(['project', 'host', 'section']).doUpdateSet(row))
              .execute()
            const event = { at, project: 'default', type: 'document.reported', subject: host, data: dataOf(n) }
            await db.insertInto('events').values(event).execute()
            if (n % AUDIT_EVERY === 0) {
              const [entry, prev] = [dataOf(n), hashOf(String(n))]
              await db
                .insertInto('audit')
                .values({ chain: 'default', n, at, entry, prev, hash: hashOf(entry) })
                .execute()
            }
          }
        })
      }
    },
    cpuSeconds: () => cpuSecondsOf(process.pid),
    bytes: () => sizeOf(file),
    close: () => store.close(),
  }
}

const PLUGIN = '{"name":"os","version":"0.1.0"}'
const dataOf = (n: number): string => JSON.stringify({ section: 'os', status: 'settled', revision: n })

type Text = Record<'project' | 'host' | 'section' | 'status' | 'observed' | 'plugin' | 'at' | 'received_at', string>
type Tables = {
  reported: Text & { revision: number }
  events: Record<'at' | 'project' | 'type' | 'subject' | 'data', string>
  audit: Record<'chain' | 'at' | 'entry' | 'prev' | 'hash', string> & { n: number }
}

/** SQLite with nothing around it, and the same settings. */
function plain(): Peer {
  const file = join(folder(), 'plain.db')
  const db = new Database(file)
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'secure_delete = FAST']) db.pragma(pragma)
  for (const each of SCHEMA) db.exec(each.replace('INTEGER_KEY', 'integer primary key autoincrement'))
  const [upsert, event, audit] = [db.prepare(UPSERT), db.prepare(EVENT), db.prepare(AUDIT)]
  const write = db.transaction((some: readonly Report[]) => {
    for (const { host, observed, at, n } of some) {
      upsert.run(host, n, observed, at, at)
      event.run(at, host, dataOf(n))
      if (n % AUDIT_EVERY === 0) audit.run(n, at, dataOf(n), hashOf(String(n)), hashOf(dataOf(n)))
    }
  })
  return {
    name: 'plain SQLite',
    write: async (reports, batch) => {
      for (const some of batchesOf(reports, batch)) write.immediate(some)
    },
    cpuSeconds: () => cpuSecondsOf(process.pid),
    bytes: () => sizeOf(file),
    close: async () => void db.close(),
  }
}

const POSTGRES = '/usr/lib/postgresql/15/bin'
const OWNER = 'postgres'

/** A cluster of its own behind a Unix socket, gone with the run; commits do not wait for the disk, as ours do not. */
async function postgres(): Promise<Peer | undefined> {
  if (!existsSync(join(POSTGRES, 'initdb'))) return undefined
  const dir = folder()
  const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, OWNER], { encoding: 'utf8' })))
  if (uid === undefined || gid === undefined) return undefined
  chmodSync(dir, 0o700)
  chownSync(dir, uid, gid)
  const data = join(dir, 'data')
  const as = { uid, gid, cwd: dir, stdio: 'ignore' } as const
  execFileSync(join(POSTGRES, 'initdb'), ['-D', data, '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'], as)
  const settings = ['listen_addresses=', `unix_socket_directories=${dir}`, 'synchronous_commit=off', 'max_wal_size=4GB']
  const server = spawn(join(POSTGRES, 'postgres'), ['-D', data, ...settings.flatMap(each => ['-c', each])], as)
  const psql = (sql: string): string =>
    execFileSync(join(POSTGRES, 'psql'), ['-h', dir, '-U', OWNER, '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', sql], {
      encoding: 'utf8',
    })
  const line = await reached(join(dir, '.s.PGSQL.5432'))
  for (const each of SCHEMA)
    await line.query(each.replace('INTEGER_KEY', 'bigint generated always as identity primary key'))
  for (const [name, sql] of Object.entries({ upsert: UPSERT, event: EVENT, audit: AUDIT }))
    await line.prepare(name, sql)
  return {
    name: 'PostgreSQL 15',
    write: async (reports, batch) => {
      for (const some of batchesOf(reports, batch)) {
        for (const { host, observed, at, n } of some) {
          line.run('upsert', [host, String(n), observed, at, at])
          line.run('event', [at, host, dataOf(n)])
          if (n % AUDIT_EVERY === 0) line.run('audit', [String(n), at, dataOf(n), hashOf(String(n)), hashOf(dataOf(n))])
        }
        await line.sync()
      }
    },
    // The client's part is work too, as it is for the others.
    cpuSeconds: () => cpuSecondsOfTrees([server.pid ?? -1]) + cpuSecondsOf(process.pid),
    bytes: () => {
      psql('checkpoint')
      return Number(
        psql(
          "select sum(pg_total_relation_size(c.oid)) from pg_class c where relname in ('reported', 'events', 'audit')",
        ),
      )
    },
    close: async () => {
      line.close()
      await ended(server)
    },
  }
}

async function ended(server: ChildProcess): Promise<void> {
  const gone = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGINT')
  await gone
}

/** A server that is still starting refuses the first to come. */
async function reached(path: string): Promise<ReturnType<typeof createLine>> {
  for (let attempt = 0; ; attempt++) {
    try {
      const socket = await new Promise<Socket>((resolve, reject) => {
        const made = connect(path, () => resolve(made))
        made.once('error', reject)
      })
      const line = createLine(socket)
      await line.start(OWNER)
      return line
    } catch (thrown) {
      if (attempt > 200) throw thrown
      await setTimeout(50)
    }
  }
}

/** As much of PostgreSQL's protocol 3.0 as pipelined prepared statements need (documentation, chapter "Message Formats"). */
function createLine(socket: Socket) {
  let rest: Buffer = Buffer.alloc(0)
  let ready = Promise.withResolvers<void>()
  ready.promise.catch(() => undefined)
  let fault: Error | undefined
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length >= 1 + rest.readUInt32BE(1)) {
      const to = 1 + rest.readUInt32BE(1)
      const type = String.fromCharCode(rest[0] ?? 0)
      if (type === 'E') fault = new Error(`PostgreSQL: ${rest.toString('utf8', 5, to).replaceAll('\0', ' ')}`)
      rest = rest.subarray(to)
      if (type === 'Z') fault === undefined ? ready.resolve() : ready.reject(fault)
    }
  })
  socket.once('close', () => ready.reject(fault ?? new Error('PostgreSQL has closed the connection')))
  let parts: Buffer[] = []
  const put = (type: string, ...body: readonly Buffer[]): void => {
    const length = 4 + body.reduce((sum, each) => sum + each.length, 0)
    parts.push(Buffer.from(type), long(length), ...body)
  }
  const flush = async (): Promise<void> => {
    ready = Promise.withResolvers<void>()
    ready.promise.catch(() => undefined)
    socket.write(Buffer.concat(parts))
    parts = []
    await ready.promise
  }
  const sync = (): Promise<void> => {
    put('S')
    return flush()
  }
  return {
    start: (user: string) => {
      const body = Buffer.concat([long(196_608), ...[`user`, user, 'database', 'postgres', ''].map(zero)])
      parts.push(long(4 + body.length), body)
      return flush()
    },
    query: (sql: string) => {
      put('Q', zero(sql))
      return flush()
    },
    prepare: (name: string, sql: string) => {
      let number = 0
      put('P', zero(name), zero(sql.replace(/\?/g, () => `$${++number}`)), short(0))
      return sync()
    },
    /** All between two syncs is one transaction. */
    run: (name: string, values: readonly string[]) => {
      const bound = values.flatMap(value => [long(Buffer.byteLength(value)), Buffer.from(value)])
      put('B', zero(''), zero(name), short(0), short(values.length), ...bound, short(0))
      put('E', zero(''), long(0))
    },
    sync,
    close: () => void socket.destroy(),
  }
}

const zero = (text: string): Buffer => Buffer.from(`${text}\0`)
const long = (value: number): Buffer => {
  const made = Buffer.alloc(4)
  made.writeInt32BE(value)
  return made
}
const short = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff])
