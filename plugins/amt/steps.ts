// SPDX-License-Identifier: Apache-2.0
/** Takes the steps of a plan. Each may be repeated after a crash, because what it did is in the ledger or in the firmware. */
import { MINUTE, type PluginHost } from '../contract/index.ts'
import type { ActivationOrder } from './contract.ts'
import type { Detector } from './detect.ts'
import { accept, begin, ended, judge, type Seen, withdraw } from './judge.ts'
import { LEDGER_FOLDER, type Ledger, type LedgerFile } from './ledger.ts'
import { outcomeOf } from './outcome.ts'
import type { AmtStep } from './plan.ts'
import { prepare } from './prepare.ts'
import type { Rpc } from './rpc.ts'

export const BOOT_ID = '/proc/sys/kernel/random/boot_id'
const CA_PATH = `${LEDGER_FOLDER}/server-roots.pem`
const PREPARE_AGAIN_MS = 10 * MINUTE

export type StepParts = {
  readonly host: PluginHost
  readonly rpc: Rpc
  readonly detector: Detector
  readonly ledger: LedgerFile
}

export interface Steps {
  apply(step: AmtStep, signal: AbortSignal): Promise<void>
  /** Whether a run was written down by this life of the agent and has not begun. */
  readonly announced: boolean
  mayPrepare(): boolean
}

export function createSteps(parts: StepParts): Steps {
  const { host, detector, ledger } = parts
  let announced = false
  let preparedAt = Number.NEGATIVE_INFINITY

  const see = async (signal: AbortSignal): Promise<Seen> => {
    const { observed } = await detector.look(true, signal)
    const boot = (await host.files.text(BOOT_ID).catch(() => undefined))?.trim().slice(0, 64) ?? ''
    return { firmware: observed.firmware, now: host.now(), boot }
  }
  const saveIfChanged = async (was: Ledger, is: Ledger): Promise<boolean> => {
    if (was === is) return false
    await ledger.save(is)
    host.log.info('the activation of AMT has moved on', { from: was.phase, to: is.phase, why: is.message })
    return true
  }

  async function onward(step: AmtStep, present: Ledger, signal: AbortSignal): Promise<void> {
    const seen = await see(signal)
    if (await saveIfChanged(present, judge(present, seen))) return
    if (step.do !== 'begin' || present.phase !== 'ordered') return
    await saveIfChanged(present, begin(present, seen))
    announced = true
  }

  /** Only what this life of the agent has announced: what an earlier one did is read back instead. */
  async function run(order: ActivationOrder, present: Ledger, signal: AbortSignal): Promise<void> {
    if (!announced) return
    announced = false
    try {
      const caFile = await rootsOf(parts, order)
      const what = caFile === undefined ? { order } : { order, caFile }
      const outcome = outcomeOf(await parts.rpc.act(present.act, what, signal))
      await saveIfChanged(present, ended(present, outcome, host.now()))
    } finally {
      detector.forget()
    }
  }

  return {
    get announced() {
      return announced
    },
    mayPrepare: () => Math.abs(host.now() - preparedAt) >= PREPARE_AGAIN_MS,
    async apply(step, signal) {
      const present = await ledger.load()
      if (step.do === 'accept') {
        announced = false
        if (step.order !== undefined) await ledger.save(accept(step.order, present, host.now()))
        return
      }
      if (present === undefined) return
      switch (step.do) {
        case 'withdraw':
          announced = false
          return ledger.save(withdraw(present, host.now()))
        case 'prepare':
          preparedAt = host.now()
          await prepare(host, (await detector.look(true, signal)).observed, signal)
          return detector.forget()
        case 'run':
          return step.order === undefined ? undefined : run(step.order, present, signal)
        default:
          return onward(step, present, signal)
      }
    },
  }
}

/** Roots lie in a file, because that is the only way rpc takes them: Go reads it where SSL_CERT_FILE says. */
async function rootsOf({ host }: StepParts, { ca }: ActivationOrder): Promise<string | undefined> {
  if (ca === undefined) return undefined
  await host.files.replace(CA_PATH, ca, 0o644)
  return CA_PATH
}
