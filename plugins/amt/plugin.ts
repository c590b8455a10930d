// SPDX-License-Identifier: Apache-2.0
/** The plugin `amt`: asks `rpc` what the machine can do out of band, seldom, and keeps the answer in between. */
import { definePlugin, HOUR, MINUTE, type PluginHost, type Running } from '../contract/index.ts'
import { classify } from './classify.ts'
import { type AmtObserved, amt as section } from './contract.ts'
import { ENGINE_PATHS, engineKey, findEngine } from './engine.ts'
import { plan } from './plan.ts'
import { rpcRunner } from './rpc.ts'

const SETTLED_MS = HOUR
/** Starting a program that is not there costs nothing, and somebody may install it. */
const MISSING_MS = 5 * MINUTE
const FIRST_RETRY_MS = MINUTE

export const amt = definePlugin<typeof section, never>({
  manifest: {
    name: 'amt',
    version: '0.1.0',
    contract: 1,
    isolation: 'inline',
    permissions: { run: ['rpc'], read: ENGINE_PATHS },
  },
  section,
  start,
})

type Known = { readonly observed: AmtObserved; readonly key: string; readonly goodUntil: number }

// There is no `probe`: a host without AMT is supported too, because "none, and why" is what an operator wants to read.
function start(host: PluginHost): Running<typeof section, never> {
  const rpc = rpcRunner(host)
  let known: Known | undefined
  let retries = 0
  let forgetWake: () => void = () => {}

  async function detect(key: string, signal: AbortSignal): Promise<Known> {
    const { run, rpc: generation } = await rpc.info(signal)
    const verdict = await classify(run, () => findEngine(host.files))
    retries = verdict.retry ? retries + 1 : 0
    const missing = run.code === -1 && !run.late
    const waitMs = missing ? MISSING_MS : waitAfter(retries)
    const observed = { ...verdict, ...(generation === undefined ? {} : { rpc: generation }) }
    return { observed, key, goodUntil: host.now() + waitMs }
  }

  return {
    async observe(signal): Promise<AmtObserved> {
      const key = await engineKey(host.files)
      if (known === undefined || known.key !== key || host.now() >= known.goodUntil) known = await detect(key, signal)
      forgetWake()
      forgetWake = host.wake(Math.max(1_000, known.goodUntil - host.now()))
      return known.observed
    },
    plan,
    apply: async () => {},
    commands: {},
    async stop() {
      forgetWake()
    },
  }
}

/** An hour after a definite answer; after the n-th passing failure in a row a minute, doubling up to that hour. */
export function waitAfter(retries: number): number {
  return retries === 0 ? SETTLED_MS : Math.min(SETTLED_MS, FIRST_RETRY_MS * 2 ** Math.min(retries - 1, 10))
}
