// SPDX-License-Identifier: Apache-2.0
/** The settings of the agent: one file, overridden by the environment, described by one schema. */
import { type Static, Type } from 'typebox'
import { type Files, findings, SEGMENT_PATTERN } from '../plugins/contract/index.ts'
import { redactedText } from './log.ts'
import { problem } from './problems.ts'

const Path = Type.String({ pattern: '^/', maxLength: 500 })
const Name = Type.String({ pattern: SEGMENT_PATTERN })

export const Config = Type.Object(
  {
    /** Holds identity, journal and status; readable by the agent only. */
    stateDir: Path,
    /** Which plugins run; all there are when absent. */
    plugins: Type.Optional(Type.Array(Name, { maxItems: 64, uniqueItems: true })),
    /** Socket of the privileged helper; without one the agent does everything itself, as root. */
    helper: Type.Optional(Path),
    /** Plugins to run in a process of their own although they would run inline. */
    isolation: Type.Record(Name, Type.Literal('process')),
    policyFile: Path,
    logLevel: Type.Enum(['debug', 'info', 'warn', 'error', 'silent']),
    /** First contact after a start waits up to so long, so that a fleet does not return in one instant. */
    startJitterMs: Type.Integer({ minimum: 0, maximum: 600_000 }),
    /** `http://proxy:3128`; without it HTTPS_PROXY and NO_PROXY of the environment count. */
    proxy: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 300 })),
    /** How often a section is looked at when nothing else wakes it. */
    reportIntervalMs: Type.Integer({ minimum: 10_000, maximum: 86_400_000 }),
    /** MQTT keep-alive: a dead link is noticed within one and a half times this. */
    keepaliveMs: Type.Integer({ minimum: 30_000, maximum: 120_000, multipleOf: 1_000 }),
  },
  { additionalProperties: false },
)
export type Config = Static<typeof Config>

export const DEFAULT_CONFIG_PATH = '/etc/muster-agent/config.yaml'

export const DEFAULTS: Config = {
  stateDir: '/var/lib/muster-agent',
  isolation: {},
  policyFile: '/etc/muster-agent/policy.yaml',
  logLevel: 'info',
  startJitterMs: 10_000,
  reportIntervalMs: 300_000,
  keepaliveMs: 60_000,
}

const PREFIX = 'MUSTER_AGENT_'
/** Read by the command line itself, so no setting of the file. */
const OWN_VARIABLES: readonly string[] = ['MUSTER_AGENT_CONFIG', 'MUSTER_AGENT_ENROLL', 'MUSTER_AGENT_TOKEN_FILE']
const MAX_FILE_BYTES = 65_536

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings: defaults, then the file (absent is fine), then `MUSTER_AGENT_*` by mechanical name
 * (`stateDir` is `MUSTER_AGENT_STATE_DIR`; lists are comma separated, records are JSON).
 * Throws the problem `agent-config` that names every unknown or unfitting place.
 */
export async function loadConfig(files: Files, path: string, env: Environment): Promise<Config> {
  const text = await files.text(path)
  const fromFile = text === undefined ? {} : await settingsIn(text, path)
  const config = { ...DEFAULTS, ...fromFile, ...settingsOf(env) }
  const wrong = findings(Config, config)
  if (wrong.length === 0) return config as Config // the schema has just said so
  const places = wrong.map(each => `${each.pointer || '/'} ${each.message}`).join('; ')
  throw problem('agent-config', places, { path, findings: wrong })
}

/** The settings as people may see them. */
export function printableConfig(config: Config): string {
  return redactedText(JSON.stringify(config, null, 2))
}

async function settingsIn(text: string, path: string): Promise<object> {
  const value = await parseYaml(text, path)
  if (value === null || value === undefined) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value
  throw problem('agent-config', `${path} holds no settings but a single value`, { path })
}

/**
 * Reads one YAML 1.2 document: core schema only, no custom tags, no duplicate keys, no merge keys, at most 20 aliases.
 * Throws the problem `agent-config` with line and column.
 */
export async function parseYaml(text: string, path: string): Promise<unknown> {
  if (text.length > MAX_FILE_BYTES) throw problem('agent-config', `${path} is larger than 64 KB`, { path })
  const { parseDocument } = await import('./yaml.ts') // 12 MB that a host without such a file never pays for
  const document = parseDocument(text, { schema: 'core', customTags: [], uniqueKeys: true, merge: false })
  const wrong = document.errors[0] ?? document.warnings[0]
  if (wrong !== undefined) throw problem('agent-config', `${path}: ${wrong.message.split('\n', 1)[0]}`, { path })
  try {
    return document.toJS({ maxAliasCount: 20 })
  } catch (thrown) {
    throw problem('agent-config', `${path}: it repeats itself by too many aliases`, { path }, thrown)
  }
}

function settingsOf(env: Environment): Record<string, unknown> {
  const settings: Record<string, unknown> = {}
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined || !variable.startsWith(PREFIX) || OWN_VARIABLES.includes(variable)) continue
    const name = settingNamed(variable)
    settings[name] = settingFrom(text, name)
  }
  return settings
}

function settingNamed(variable: string): string {
  return variable
    .slice(PREFIX.length)
    .toLowerCase()
    .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function settingFrom(text: string, name: string): unknown {
  const shape = Object.entries(Config.properties).find(([key]) => key === name)?.[1]
  const type = shape !== undefined && 'type' in shape ? shape.type : undefined
  if (type === 'integer') return /^\d+$/.test(text) ? Number(text) : text
  if (type === 'array') return text === '' ? [] : text.split(',').map(part => part.trim())
  if (type !== 'object') return text
  try {
    return JSON.parse(text)
  } catch {
    return text // the schema refuses it by name
  }
}
