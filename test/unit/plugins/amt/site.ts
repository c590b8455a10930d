// SPDX-License-Identifier: Apache-2.0
/** A simulated host on a clock of the test's own, on which the real plugin runs under the real loop and `rpc` as told. */
import type { Static } from 'typebox'
import { createPluginHost } from '../../../../agent/hosting/plugin-host.ts'
import { silentLog } from '../../../../agent/log.ts'
import { type ActivationOrder, type AmtDesired, AmtObserved } from '../../../../plugins/amt/contract.ts'
import { LEDGER_PATH, type Ledger } from '../../../../plugins/amt/ledger.ts'
import { amt } from '../../../../plugins/amt/plugin.ts'
import { check, type Outcome, type RunResult, reconcile } from '../../../../plugins/contract/index.ts'
import type { FakeClock } from '../../../../simulator/clock.ts'
import type { SimulatedHost, SimulatedHostOptions } from '../../../../simulator/host.ts'
import { exited, type ProgramCall } from '../../../../simulator/processes.ts'
import { newHost } from '../../simulator/support.ts'

export const ORDER: ActivationOrder = {
  state: 'activated',
  server: 'wss://rps.example/activate',
  profile: 'plant-ccm',
  attempt: 1,
}

/** What `rpc activate` or `deactivate` does to the firmware and how it ends. */
export type Act = (call: ProgramCall) => RunResult | Promise<RunResult>

export type Site = {
  readonly host: SimulatedHost
  readonly clock: FakeClock
  readonly acts: { activate: Act; deactivate: Act }
  /** Command lines of the runs that change something, with the time they began, in seconds since the start. */
  readonly runs: { readonly at: number; readonly line: string; readonly env: Readonly<Record<string, string>> }[]
  /** Looks at the firmware. */
  looks: number
  /** Every status that was observed, without repetitions in a row. */
  readonly statuses: string[]
  observed(): Static<typeof AmtObserved>
  activation(): NonNullable<Static<typeof AmtObserved>['activation']>
  order(order: ActivationOrder | undefined): Promise<void>
  /** The agent dies and is started again, with the same order. */
  restart(): Promise<void>
  /** The agent dies. */
  kill(): void
  ledger(): Promise<Ledger | undefined>
  /** Lets time pass. */
  pass(ms: number): Promise<void>
  fail: unknown
}

export const log = (level: string, text: string): string =>
  `time="2026-11-20T09:14:03Z" level=${level} msg=${JSON.stringify(text)}\n`

export const DONE = [
  log('info', 'Status: Client control mode.'),
  log('info', 'Network: Wired Network Configured.'),
  log('info', 'CIRA: Configured'),
  log('info', 'TLS: '),
].join('')

/** The firmware does as it is told and connects at once. */
export function activates(host: () => SimulatedHost, remote = 'connected'): Act {
  return () => {
    setFirmware(host(), 1, remote)
    return exited(0, '', DONE)
  }
}

export function setFirmware(
  host: SimulatedHost,
  mode: 0 | 1 | 2,
  remoteStatus: string,
  mpsHostname = 'mps.example',
): void {
  const machine = host.amt
  if (machine === undefined) throw new Error('this host has no AMT')
  machine.state.controlMode = mode
  machine.state.ras = {
    networkStatus: mode === 0 ? 'direct' : 'outside enterprise',
    remoteStatus: mode === 0 ? 'not connected' : remoteStatus,
    remoteTrigger: 'user initiated',
    mpsHostname: mode === 0 ? '' : mpsHostname,
  }
}

/** A host with AMT whose `rpc` is of the given generation. */
export function hostWithRpc(rpc: 2 | 3, options: Partial<SimulatedHostOptions> = {}) {
  for (let index = 1; index <= 100; index++) {
    const made = newHost({ index, amt: 'vpro', model: 'vision-box', ...options })
    if (made.host.facts.amt.rpc === rpc) return made
    made.host.close()
  }
  throw new Error('no seed gives such a host')
}

/** `scripted`: what `rpc` does to the firmware is `acts`; otherwise it is the simulated one that does it. */
export async function newSite(
  rpc: 2 | 3 = 2,
  options: Partial<SimulatedHostOptions> = {},
  { scripted = true }: { readonly scripted?: boolean } = {},
): Promise<Site> {
  const { host, clock } = hostWithRpc(rpc, options)
  const start = clock.now()
  let desired: AmtDesired = {}
  let life: ReturnType<typeof live> | undefined
  const site: Site = {
    host,
    clock,
    acts: { activate: activates(() => host), deactivate: deactivates(host) },
    runs: [],
    looks: 0,
    statuses: [],
    fail: undefined,
    observed: () => life?.last() ?? { sku: 'unknown', why: '', retry: false },
    activation() {
      const { activation } = site.observed()
      if (activation === undefined) throw new Error('nothing was ordered')
      return activation
    },
    async order(order) {
      desired = order === undefined ? {} : { activation: order }
      life?.wake()
      await clock.advance(0)
    },
    kill() {
      life?.end()
      life = undefined
    },
    async restart() {
      life?.end()
      life = live(site, () => desired)
      await clock.advance(0)
    },
    async ledger() {
      const text = await host.system.files.text(LEDGER_PATH)
      return text === undefined ? undefined : JSON.parse(text)
    },
    pass: ms => clock.advance(ms),
  }
  if (scripted) wrapRpc(site, start)
  life = live(site, () => desired)
  await clock.advance(0)
  return site
}

function deactivates(host: SimulatedHost): Act {
  return () => {
    setFirmware(host, 0, 'not connected')
    return exited(0, '', log('info', 'Status: Device deactivated'))
  }
}

function wrapRpc(site: Site, start: number): void {
  const { host, clock } = site
  const real = host.programs.get('rpc')
  if (real === undefined) throw new Error('this host has no rpc')
  host.programs.set('rpc', call => {
    const [verb] = call.args
    if (verb === 'amtinfo') site.looks++
    if (verb !== 'activate' && verb !== 'deactivate') return real(call)
    site.runs.push({ at: (clock.now() - start) / 1_000, line: call.args.join(' '), env: call.env })
    return site.acts[verb](call)
  })
}

/** One life of an agent: the worker's loop without its gate. */
function live(site: Site, desired: () => AmtDesired) {
  const stop = new AbortController()
  let last: Static<typeof AmtObserved> | undefined
  let running = false
  let again = false
  const owned = createPluginHost({
    manifest: amt.manifest,
    system: site.host.system,
    log: silentLog(),
    timers: 64,
    onChanged: () => wake(),
    onSample: () => undefined,
  })
  const plugin = amt.start(owned.host)
  const noted = {
    observe: async (signal: AbortSignal) => {
      last = check(AmtObserved, await plugin.observe(signal), 'observed')
      const status = last.activation?.status
      if (status !== undefined && site.statuses.at(-1) !== status) site.statuses.push(status)
      return last
    },
    plan: plugin.plan,
    apply: plugin.apply,
  }
  const work = async (): Promise<void> => {
    running = true
    while (again && !stop.signal.aborted) {
      again = false
      const outcome: Outcome = await reconcile(noted, desired(), () => undefined, stop.signal)
      if (outcome.status !== 'settled') site.fail = outcome
    }
    running = false
  }
  function wake(): void {
    again = true
    if (running) return
    work().catch(thrown => {
      running = false
      if (!stop.signal.aborted) site.fail = thrown
    })
  }
  wake()
  return {
    last: () => last,
    wake,
    end() {
      stop.abort(new Error('the agent was killed'))
      owned.close()
    },
  }
}
