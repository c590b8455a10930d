// SPDX-License-Identifier: Apache-2.0
/** Puts the real agent on simulated hosts: the same code, the same enrollment, the same plugins. */
import { type Agent, createAgent } from '../agent/agent.ts'
import { type Config, DEFAULTS } from '../agent/config.ts'
import { enroll } from '../agent/identity/enroll.ts'
import { collectFacts } from '../agent/identity/facts.ts'
import { type Identities, openIdentities } from '../agent/identity/identity.ts'
import { endpointOf } from '../agent/link/https.ts'
import type { AgentLog } from '../agent/log.ts'
import { catalog } from '../plugins/catalog.ts'
import type { AnyPlugin } from '../plugins/contract/index.ts'
import type { Enlisted, Enlisting } from './fleet.ts'
import type { SimulatedHost } from './host.ts'
import type { MachineAgent } from './machine.ts'
import { simulatorProblem } from './problems.ts'
import type { WatchedCrew } from './squad/local.ts'
import type { Run } from './squad/squad.ts'
import { witnessed } from './witness.ts'

export type CrewOptions = {
  /** `https://` address of the controller. */
  readonly url: string
  /** Join token good for as many hosts as have no identity yet; without one only those that have are run. */
  readonly token: string | undefined
  readonly plugins: readonly AnyPlugin[]
  readonly log: AgentLog
  readonly version: string
  readonly config?: Partial<Config>
}

export type SimulatedAgent = MachineAgent &
  Pick<Agent, 'status'> & {
    /** Whether it has a session now; costs nothing to ask, other than its status. */
    isOnline(): boolean
  }

export function createCrew(options: CrewOptions): WatchedCrew<SimulatedAgent> {
  const config = { ...DEFAULTS, ...options.config }
  const tally: Tally = { connects: 0, runs: [] }
  const plugins = options.plugins.filter(({ manifest }) => manifest.permissions.native !== true).map(inline)
  const identitiesOf = (host: SimulatedHost): Identities =>
    openIdentities({ system: host.system, dir: host.identityDir })
  return {
    enlist: (host, enlisting) => enlist(host, identitiesOf(host), { ...options, ...enlisting }),
    agent: host => agentOn(host, identitiesOf(host), { ...options, plugins, config, tally }),
    connected: agent => agent.isOnline(),
    get connects() {
      return tally.connects
    },
    takeRuns: () => tally.runs.splice(0),
  }
}

/** Every plugin there is. */
export function allPlugins(): Promise<readonly AnyPlugin[]> {
  return Promise.all(Object.values(catalog).map(load => load()))
}

/** A process of its own would see the real machine. */
function inline(plugin: AnyPlugin): AnyPlugin {
  return plugin.manifest.isolation === 'inline'
    ? plugin
    : { ...plugin, manifest: { ...plugin.manifest, isolation: 'inline' } }
}

type Enlistment = CrewOptions & Enlisting

async function enlist(host: SimulatedHost, identities: Identities, options: Enlistment): Promise<Enlisted> {
  const { url, token, version, signal, log, onWaiting } = options
  const [known] = await identities.candidates()
  if (known !== undefined) {
    if (known.url !== endpointOf(url)?.origin) {
      const detail = `host ${host.facts.index} belongs to ${known.url}; name that address or another folder`
      throw simulatorProblem('simulator-usage', detail)
    }
    return { id: known.host, project: known.project, fresh: false }
  }
  if (token === undefined) {
    throw simulatorProblem('simulator-usage', `host ${host.facts.index} has no identity yet: give --token-file`)
  }
  const { system } = host
  const made = await enroll({
    system,
    identities,
    url,
    token,
    facts: await collectFacts(system),
    agentVersion: version,
    signal,
    onStep(step) {
      log.debug('a step of an enrollment', { simulated: host.facts.index, step })
      if (step.name === 'approval' && !step.ok) onWaiting(step.detail)
    },
  })
  return { id: made.host, project: made.project, fresh: true }
}

type Setting = CrewOptions & { readonly config: Config; readonly tally: Tally }

type Tally = { connects: number; readonly runs: Run[] }

function agentOn(
  host: SimulatedHost,
  identities: Identities,
  { plugins, config, log, version, tally }: Setting,
): SimulatedAgent {
  let isOnline = false
  const agent = createAgent({
    system: host.system,
    plugins: plugins.map(plugin => witnessed(plugin, id => note(tally, id, host.facts.index))),
    config,
    log: log.child({ simulated: host.facts.index }),
    identities,
    journal: { location: host.journalLocation, durable: false, exclusive: true },
    version,
    builtAt: 0,
    onChange({ phase }) {
      const was = isOnline
      isOnline = phase === 'online'
      if (isOnline && !was) tally.connects += 1
    },
  })
  return {
    start: () => agent.start(),
    stop: () => agent.stop('stopped'),
    kill: () => agent.kill(),
    status: () => agent.status(),
    isOnline: () => isOnline,
  }
}

/** Nobody may ask for weeks; what was not asked for is forgotten from its oldest on. */
const MOST_RUNS = 200_000

function note({ runs }: Tally, id: string, host: number): void {
  if (runs.length >= MOST_RUNS) runs.splice(0, MOST_RUNS / 2)
  runs.push({ id, host, at: Date.now() })
}
