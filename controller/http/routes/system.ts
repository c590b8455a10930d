// SPDX-License-Identifier: Apache-2.0
/** The installation: what it is, how it is, and what takes its room. */
import type { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { formatTime, parseTime } from '../../../plugins/contract/index.ts'
import { concernsOf } from '../../kernel/concerns.ts'
import { countHosts } from '../../kernel/hosts.ts'
import { type Kernel, refusedBy } from '../../kernel/kernel.ts'
import { installedAt, lastBackup } from '../../kernel/settings.ts'
import type { Http } from '../http.ts'
import { failures, Time } from '../schemas.ts'
import { backupRoutes } from './backup.ts'
import { type ServingCertificate, systemCertificateRoutes } from './system-certificates.ts'

export type ModuleLine = {
  readonly name: string
  readonly version: string
  readonly title: string
  readonly enabled: boolean
}

/** What the program around the kernel can do for the system routes. */
export interface SystemActs {
  readonly version: string
  readonly startedAt: number
  readonly modules: readonly ModuleLine[]
  /** The address people and hosts reach the API at. */
  url(): string
  /** SHA-256 of the root that hosts pin, hexadecimal. */
  readonly rootFingerprint: string
  /** A path inside the data folder for a passing file. */
  scratch(name: string): string
  /** Room on the disk with the data. */
  space(): { readonly freeBytes: number; readonly totalBytes: number } | undefined
  /** The certificates it shows and issues with, those of its own authority first. */
  certificates(): readonly ServingCertificate[]
  /** Checks an uploaded backup and puts it in place; the controller then restarts itself on it. */
  restore(file: string, upload: Readable, by: RestoredBy): Promise<{ readonly takenAt: string }>
}

/** Who restored and why; it goes along into the restored database, which knows nothing of it. */
export type RestoredBy = { readonly id: string; readonly name: string; readonly reason?: string | undefined }

const Count = Type.Integer({ minimum: 0 })
const System = Type.Object({
  version: Type.String(),
  installation: Type.String(),
  url: Type.String({ description: 'The address hosts are told to enroll at' }),
  rootFingerprint: Type.String({ description: 'SHA-256 of the root certificate that hosts pin' }),
  epoch: Count,
  now: Type.String(),
  uptimeMs: Count,
  hosts: Type.Object({ total: Count, online: Count }),
  modules: Type.Array(
    Type.Object({ name: Type.String(), version: Type.String(), title: Type.String(), enabled: Type.Boolean() }),
  ),
  sections: Type.Array(Type.String()),
  bus: Type.Object({
    port: Count,
    connections: Count,
    halfOpen: Count,
    messagesIn: Count,
    messagesOut: Count,
    refused: Type.Record(Type.String(), Count, { description: 'since the start, by code' }),
    refusedLately: Type.Record(Type.String(), Count, { description: 'in the last ten minutes, by code' }),
  }),
  store: Type.Object({
    sizeBytes: Count,
    journalBytes: Count,
    waiting: Type.Optional(Type.Integer({ minimum: 0, description: 'writes of hosts that wait for their turn' })),
  }),
  memory: Type.Object({
    rssBytes: Count,
    heapUsedBytes: Count,
    level: Type.Enum(['normal', 'soft', 'hard'], {
      description:
        'soft: no new host enrolls and no stream opens, further up telemetry is dropped; hard: no host is let in',
    }),
    softBytes: Count,
    hardBytes: Count,
  }),
  eventLoop: Type.Object({
    delayMs: Type.Number({ description: 'how long something waits before it is looked at, beyond a turn' }),
    overloaded: Type.Boolean({ description: 'requests are refused because of it' }),
  }),
  disk: Type.Optional(Type.Object({ freeBytes: Count, totalBytes: Count })),
  jobs: Type.Array(
    Type.Object({
      name: Type.String(),
      at: Type.String({ description: 'six fields of cron, seconds first, in UTC' }),
      endedAt: Type.Optional(Time),
      tookMs: Type.Optional(Count),
      error: Type.Optional(Type.String()),
    }),
  ),
  installedAt: Type.Optional(Time),
  lastBackup: Type.Optional(Type.Object({ takenAt: Time, sizeBytes: Type.Optional(Count) })),
  restoredFrom: Type.Optional(Type.String({ description: 'when the backup was taken that this database comes from' })),
  concerns: Type.Array(
    Type.Object({
      code: Type.String(),
      severity: Type.Enum(['failing', 'degraded']),
      title: Type.String(),
      next: Type.String(),
    }),
    { description: 'what is not as it should be, the worst first' },
  ),
})
const Storage = Type.Object({
  tables: Type.Array(Type.Object({ table: Type.String(), owner: Type.String(), rows: Count, bytes: Count })),
})

export function systemRoutes(http: Http, kernel: Kernel, acts: SystemActs): void {
  http.get(
    '/v1/system',
    {
      config: { access: 'system.read' },
      schema: { tags: ['system'], summary: 'What runs here and how it is', response: { 200: System, ...failures } },
    },
    async () => systemOf(http, kernel, acts),
  )
  http.get(
    '/v1/system/storage',
    {
      config: { access: 'system.read' },
      schema: {
        tags: ['system'],
        summary: 'What takes room in the database; walks over all of it',
        response: { 200: Storage, ...failures },
      },
    },
    async () => ({
      // The first word of a table's name is its owner.
      tables: (await kernel.store.footprint()).map(line => ({ ...line, owner: line.table.split('_')[0] ?? '' })),
    }),
  )
  systemCertificateRoutes(http, kernel, acts)
  backupRoutes(http, kernel, acts)
}

async function systemOf(http: Http, kernel: Kernel, acts: SystemActs): Promise<Static<typeof System>> {
  const { connections, halfOpen, messagesIn, messagesOut } = kernel.bus.counts()
  const { clock, settings, store } = kernel
  const now = clock.now()
  const { eventLoopDelay, heapUsed } = http.memoryUsage()
  const [backup, installed] = await Promise.all([lastBackup(store), installedAt(store)])
  const disk = acts.space()
  const memory = kernel.memory()
  const figures = {
    // Without an end when it was measured over nothing, as right after a start: then nothing is known of it.
    eventLoopDelayMs: Number.isFinite(eventLoopDelay) ? eventLoopDelay : 0,
    underPressure: http.isOverloaded(),
    databaseBytes: store.sizeBytes(),
    walBytes: store.journalBytes(),
  }
  return {
    version: acts.version,
    installation: settings.installation,
    url: acts.url(),
    rootFingerprint: acts.rootFingerprint,
    epoch: settings.epoch,
    now: formatTime(now),
    uptimeMs: Math.round(clock.monotonic() - acts.startedAt),
    hosts: { total: await countHosts(store), online: connections },
    modules: acts.modules.map(line => ({ ...line })),
    sections: [...kernel.sections.names],
    bus: {
      port: kernel.bus.port,
      connections,
      halfOpen,
      messagesIn,
      messagesOut,
      refused: { ...refusedBy(kernel) },
      refusedLately: { ...kernel.refusedLately() },
    },
    store: { sizeBytes: figures.databaseBytes, journalBytes: figures.walBytes, waiting: store.waiting() },
    memory: { ...memory, heapUsedBytes: heapUsed },
    eventLoop: { delayMs: Math.round(figures.eventLoopDelayMs * 10) / 10, overloaded: figures.underPressure },
    ...(disk === undefined ? {} : { disk }),
    jobs: kernel.jobs().map(({ endedAt, ...job }) => ({
      ...job,
      ...(endedAt === undefined ? {} : { endedAt: formatTime(endedAt) }),
    })),
    ...(installed === undefined ? {} : { installedAt: installed }),
    ...(backup === undefined ? {} : { lastBackup: backup }),
    ...(settings.restoredFrom === undefined ? {} : { restoredFrom: settings.restoredFrom }),
    concerns: concernsOf({
      ...figures,
      now,
      memory,
      disk,
      installedAt: parseTime(installed ?? ''),
      lastBackup: parseTime(backup?.takenAt ?? ''),
      jobs: kernel.jobs(),
      certificates: acts.certificates().map(({ title, notAfter }) => ({ title, notAfter: Date.parse(notAfter) })),
    }).map(concern => ({ ...concern })),
  }
}
