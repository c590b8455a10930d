// SPDX-License-Identifier: Apache-2.0
/** The plugin `amt`: asks `rpc` what the machine can do out of band, and sets its firmware up or takes that back. */
import { definePlugin, type PluginHost, type Running } from '../contract/index.ts'
import { type AmtObserved, amt as section } from './contract.ts'
import { createDetector, type Known } from './detect.ts'
import { ENGINE_PATHS } from './engine.ts'
import { isOpen, LEDGER_FOLDER, leftMs, openLedger } from './ledger.ts'
import { LMS_ADDRESSES, lmsCommand } from './lms.ts'
import { type AmtStep, plan } from './plan.ts'
import { problem } from './problems.ts'
import { progressOf } from './progress.ts'
import { rpcRunner } from './rpc.ts'
import { BOOT_ID, createSteps } from './steps.ts'

export const amt = definePlugin<typeof section, AmtStep>({
  manifest: {
    name: 'amt',
    version: '0.2.0',
    contract: 1,
    isolation: 'inline',
    permissions: {
      run: ['rpc', 'modprobe', 'systemctl'],
      read: [...ENGINE_PATHS, BOOT_ID, LEDGER_FOLDER],
      write: [LEDGER_FOLDER],
      connect: LMS_ADDRESSES,
    },
  },
  section,
  start,
})

// There is no `probe`: a host without AMT is supported too, because "none, and why" is what an operator wants to read.
function start(host: PluginHost): Running<typeof section, AmtStep> {
  const rpc = rpcRunner(host)
  const detector = createDetector(host, rpc)
  const ledger = openLedger(host.files)
  const steps = createSteps({ host, rpc, detector, ledger })
  let forgetWake: () => void = () => {}
  /** Up to when the last look was before a moment of the ledger that has come since. */
  let awaited: number | undefined

  /** What was seen before a wait of the ledger ended says nothing about what is after it. */
  async function look(signal: AbortSignal): Promise<Known> {
    const present = await ledger.load()
    if (awaited !== undefined && present !== undefined && leftMs(present, host.now()) === 0) detector.forget()
    const known = await detector.look(present !== undefined, signal)
    const isAwaiting = present !== undefined && isOpen(present) && leftMs(present, host.now()) > 0
    awaited = isAwaiting ? present.next?.at : undefined
    return known
  }

  function wakeAfter(known: Known): void {
    const present = ledger.present
    const left = present !== undefined && isOpen(present) ? leftMs(present, host.now()) : 0
    const untilStale = known.goodUntil - host.now()
    forgetWake()
    forgetWake = host.wake(Math.max(1_000, left > 0 ? Math.min(left, untilStale) : untilStale))
  }

  return {
    async observe(signal): Promise<AmtObserved> {
      const known = await look(signal)
      wakeAfter(known)
      const { observed, blocker } = known
      const present = ledger.present
      if (present === undefined) return observed
      const { announced } = steps
      return { ...observed, activation: progressOf(present, { observed, blocker, announced, now: host.now() }) }
    },
    plan: (desired, observed) => plan(desired, observed, { mayPrepare: steps.mayPrepare() }),
    apply: (step, signal) => steps.apply(step, signal),
    commands: {
      lms: lmsCommand(host),
      refresh: {
        async run(_input, { signal }) {
          if (rpc.acting) throw problem('rpc-running')
          detector.forget()
          const { observed } = await detector.look(ledger.present !== undefined, signal)
          host.changed()
          return { sku: observed.sku, controlMode: observed.firmware?.controlMode ?? 'unknown', why: observed.why }
        },
        async recover(_input, { signal }) {
          const { observed } = await detector.look(false, signal)
          return { sku: observed.sku, controlMode: observed.firmware?.controlMode ?? 'unknown', why: observed.why }
        },
      },
    },
    async stop() {
      forgetWake()
    },
  }
}
