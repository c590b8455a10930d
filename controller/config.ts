// SPDX-License-Identifier: Apache-2.0
/** The controller's configuration: one schema, read once; the only importer of yaml in the controller's server. */

import { readFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { parse } from 'yaml'
import { check, DAY, defineProblems, HOUR, SEGMENT_PATTERN } from '../plugins/contract/index.ts'
import { LOG_LEVELS } from './log.ts'

export const problem = defineProblems({
  'configuration-unreadable': {
    status: 500,
    title: 'The configuration cannot be read',
    retry: 'never',
    next: 'correct the file named here; `muster-controller run --print-config` shows the result',
  },
})

const Text = Type.String({ minLength: 1, maxLength: 1_000 })
const Positive = Type.Integer({ minimum: 1 })

export const Config = Type.Object(
  {
    /** Where database, authority and passing files live. Relative paths are relative to the working directory. */
    dataDir: Type.Optional(Text),
    /** `sqlite:<file>`; relative to dataDir. */
    store: Type.Optional(Type.String({ pattern: '^sqlite:.+$' })),
    http: Type.Optional(
      Type.Object(
        {
          /** Addresses to serve the API on; plain http:// on loopback only. */
          listen: Type.Optional(Type.Array(Type.String({ pattern: '^https?://' }), { minItems: 1, maxItems: 8 })),
          /** More names this controller answers to, and that its certificate carries. */
          names: Type.Optional(Type.Array(Text, { maxItems: 32 })),
          /** The address people and hosts use. */
          url: Type.Optional(Type.String({ pattern: '^https://' })),
          /** Your own certificate instead of one by our authority; PEM files. `ca` is the root it ends in. */
          certificate: Type.Optional(Type.Object({ cert: Text, key: Text, ca: Text }, { additionalProperties: false })),
          requestsPerMinute: Type.Optional(
            Type.Object({ person: Positive, address: Positive }, { additionalProperties: false }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    bus: Type.Optional(
      Type.Object(
        {
          /** `host:port` of the MQTT listener. */
          listen: Type.Optional(Type.String({ pattern: '^.+:\\d{1,5}$' })),
          /** `host:port` hosts should dial, when it is another. */
          announce: Type.Optional(Type.String({ pattern: '^.*:\\d{1,5}$' })),
          /** Lets addresses of this machine connect as often as they like: labs and tests. */
          trustLoopback: Type.Optional(Type.Boolean()),
          /** How hosts and controller agree on a key: `hybrid` also withstands quantum computers, for 8 KB more a host. */
          keyExchange: Type.Optional(Type.Enum(['classical', 'hybrid'])),
        },
        { additionalProperties: false },
      ),
    ),
    /** File with the key that seals secrets in the database; relative to dataDir. Keep it out of the database's backups. */
    secretsKey: Type.Optional(Text),
    /** Resident memory, in megabytes: from `softMb` on what can wait is put off, from `hardMb` on nobody new is let in. */
    memory: Type.Optional(
      Type.Object(
        { softMb: Type.Optional(Type.Integer({ minimum: 64 })), hardMb: Type.Optional(Type.Integer({ minimum: 96 })) },
        { additionalProperties: false },
      ),
    ),
    /** How long events are kept, and how many at most: what a watcher can resume from. */
    events: Type.Optional(
      Type.Object(
        { hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 8_784 })), count: Type.Optional(Positive) },
        { additionalProperties: false },
      ),
    ),
    modules: Type.Optional(Type.Record(Type.String({ pattern: SEGMENT_PATTERN }), Type.Unknown())),
    /** Sections of plugins that no module of ours knows. */
    sections: Type.Optional(Type.Array(Type.String({ pattern: SEGMENT_PATTERN }), { maxItems: 64 })),
    hostCertificateDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
    logLevel: Type.Optional(Type.Enum([...LOG_LEVELS])),
  },
  { additionalProperties: false },
)
export type Config = Static<typeof Config>

/** The configuration with every default filled in. */
export type Resolved = {
  readonly dataDir: string
  readonly storeFile: string
  readonly listen: readonly string[]
  readonly names: readonly string[]
  readonly url: string | undefined
  readonly certificate: { readonly cert: string; readonly key: string; readonly ca: string } | undefined
  readonly requestsPerMinute: { readonly person: number; readonly address: number }
  readonly bus: {
    readonly host: string
    readonly port: number
    readonly announce: string | undefined
    readonly trustLoopback: boolean
    readonly keyExchange: 'classical' | 'hybrid'
  }
  readonly secretsKey: string
  readonly modules: Readonly<Record<string, unknown>>
  readonly sections: readonly string[]
  /** As configured; what is absent comes from what the machine or the control group allows. */
  readonly memory: { readonly softMb?: number | undefined; readonly hardMb?: number | undefined }
  readonly eventsKept: { readonly ms: number; readonly most: number }
  readonly hostLifeMs: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

export const DEFAULT_MODULES = {
  onboarding: {},
  inventory: {},
  tenancy: {},
  access: {},
  webhooks: {},
  oob: {},
  packages: {},
  dashboard: {},
} as const

/** Reads files in order, later members winning; then `MUSTER_CONTROLLER_<MEMBER>` from the environment. */
export function load(files: readonly string[], env: Readonly<Record<string, string | undefined>>): Config {
  let merged: Record<string, unknown> = {}
  for (const file of files) merged = merge(merged, readYaml(file))
  return check(Config, merge(merged, fromEnvironment(env)), 'configuration')
}

function readYaml(file: string): Record<string, unknown> {
  try {
    const content: unknown =
      parse(readFileSync(file, 'utf8'), { maxAliasCount: 0, schema: 'core', uniqueKeys: true }) ?? {}
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new TypeError('it is not a mapping')
    return content as Record<string, unknown> // checked just now
  } catch (thrown) {
    throw problem(
      'configuration-unreadable',
      `${file}: ${thrown instanceof Error ? thrown.message.split('\n')[0] : thrown}`,
    )
  }
}

/** What containers set, by the place it has in the file; lists are comma separated. */
const ENVIRONMENT: Readonly<Record<string, readonly string[]>> = {
  DATA_DIR: ['dataDir'],
  STORE: ['store'],
  LOG_LEVEL: ['logLevel'],
  HTTP_NAMES: ['http', 'names'],
  HTTP_URL: ['http', 'url'],
  BUS_ANNOUNCE: ['bus', 'announce'],
}
const LISTS: readonly string[] = ['HTTP_NAMES']

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  let found: Record<string, unknown> = {}
  for (const [name, place] of Object.entries(ENVIRONMENT)) {
    const text = env[`MUSTER_CONTROLLER_${name}`]
    if (text === undefined || text === '') continue
    const value = LISTS.includes(name) ? text.split(',').map(part => part.trim()) : text
    found = merge(found, nested(place, value))
  }
  return found
}

function nested([member = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  return { [member]: rest.length === 0 ? value : nested(rest, value) }
}

function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const present = merged[key]
    // Modules are a choice: a later file replaces the set, it does not add to it.
    merged[key] = key !== 'modules' && isMapping(present) && isMapping(value) ? merge(present, value) : value
  }
  return merged
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Fills in what was left out. */
export function resolveConfig(config: Config): Resolved {
  const dataDir = resolve(config.dataDir ?? './data')
  const { http = {}, bus = {} } = config
  const file = (config.store ?? 'sqlite:controller.db').slice('sqlite:'.length)
  const { host, port } = splitAddress(bus.listen ?? '0.0.0.0:8883')
  return {
    dataDir,
    storeFile: file === ':memory:' || isAbsolute(file) ? file : resolve(dataDir, file),
    listen: http.listen ?? ['https://0.0.0.0:8443'],
    names: [...new Set([...(http.names ?? []), ...ownNames()])],
    url: http.url,
    certificate: http.certificate,
    requestsPerMinute: http.requestsPerMinute ?? { person: 600, address: 300 },
    bus: {
      host,
      port,
      announce: bus.announce,
      trustLoopback: bus.trustLoopback ?? false,
      keyExchange: bus.keyExchange ?? 'classical',
    },
    secretsKey: resolve(dataDir, config.secretsKey ?? 'keys/secrets.key'),
    modules: config.modules ?? DEFAULT_MODULES,
    sections: config.sections ?? [],
    memory: config.memory ?? {},
    eventsKept: { ms: (config.events?.hours ?? 24) * HOUR, most: config.events?.count ?? 1_000_000 },
    hostLifeMs: (config.hostCertificateDays ?? 30) * DAY,
    logLevel: config.logLevel ?? 'info',
  }
}

function splitAddress(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
}

function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap(each => each ?? [])
    .filter(each => !each.address.startsWith('fe80'))
    .map(each => each.address)
  return ['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), ...addresses]
}
