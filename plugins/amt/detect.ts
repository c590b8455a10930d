// SPDX-License-Identifier: Apache-2.0
/** Asks the machine what it can do out of band, seldom, and keeps the answer in between. */
import { HOUR, MINUTE, type PluginHost } from '../contract/index.ts'
import { classify, type Engine } from './classify.ts'
import type { AmtObserved, Blocker } from './contract.ts'
import { engineKey, findEngine } from './engine.ts'
import { lmsState } from './prepare.ts'
import { firmwareBlocker } from './progress.ts'
import type { Rpc } from './rpc.ts'

const SETTLED_MS = HOUR
/** While something was ordered the firmware is watched more closely. */
const WATCHED_MS = 10 * MINUTE
/** Starting a program that is not there costs nothing, and somebody may install it. */
const MISSING_MS = 5 * MINUTE
const FIRST_RETRY_MS = MINUTE

export type Known = {
  readonly observed: AmtObserved
  readonly blocker: Blocker | undefined
  readonly key: string
  readonly goodUntil: number
}

export interface Detector {
  /** What is known, asked anew when that is too old. `ordered`: also looks at driver and local service, and more often. */
  look(ordered: boolean, signal: AbortSignal): Promise<Known>
  /** The next look asks. */
  forget(): void
}

export function createDetector(host: PluginHost, rpc: Rpc): Detector {
  let known: (Known & { readonly ordered: boolean }) | undefined
  let retries = 0

  async function detect(key: string, ordered: boolean, signal: AbortSignal): Promise<Known> {
    const { run, rpc: generation } = await rpc.info(signal)
    let engine: Engine | undefined
    const findOnce = async (): Promise<Engine> => {
      engine ??= await findEngine(host.files)
      return engine
    }
    const verdict = await classify(run, findOnce)
    retries = verdict.retry ? retries + 1 : 0
    const missing = run.code === -1 && !run.late
    const waitMs = missing ? MISSING_MS : waitAfter(retries)
    const hasAskedEngine = engine !== undefined
    const around = ordered ? { lms: await lmsState(host, signal), driver: DRIVERS[await findOnce()] } : {}
    const observed = { ...verdict, ...(generation === undefined ? {} : { rpc: generation }), ...around }
    const unknown = missing ? 'no-rpc' : hasAskedEngine ? 'no-driver' : NO_ROOT.test(verdict.why) ? 'no-root' : 'busy'
    const blocker = firmwareBlocker(observed) ?? (verdict.sku === 'unknown' ? unknown : undefined)
    return { observed, blocker, key, goodUntil: host.now() + (ordered ? Math.min(waitMs, WATCHED_MS) : waitMs) }
  }

  return {
    async look(ordered, signal) {
      const key = await engineKey(host.files)
      const isFresh = known !== undefined && known.key === key && host.now() < known.goodUntil
      if (known !== undefined && isFresh && (known.ordered || !ordered)) return known
      known = { ...(await detect(key, ordered, signal)), ordered }
      return known
    },
    forget() {
      known = undefined
    },
  }
}

const NO_ROOT = /needs root/
const DRIVERS = { driver: 'loaded', device: 'missing', absent: 'absent', unknown: 'unknown' } as const

/** An hour after a definite answer; after the n-th passing failure in a row a minute, doubling up to that hour. */
export function waitAfter(retries: number): number {
  return retries === 0 ? SETTLED_MS : Math.min(SETTLED_MS, FIRST_RETRY_MS * 2 ** Math.min(retries - 1, 10))
}
