// SPDX-License-Identifier: Apache-2.0
/** The activation ledger: what was ordered and how far it came, kept on the host so that no crash makes it happen twice. */
import { type Static, Type } from 'typebox'
import { type EpochMs, type Files, readMessage } from '../contract/index.ts'
import { Goal } from './contract.ts'

export const LEDGER_FOLDER = '/var/lib/muster-agent/amt'
export const LEDGER_PATH = `${LEDGER_FOLDER}/ledger.json`
const MAX_BYTES = 16_384

const Count = Type.Integer({ minimum: 0 })
const Moment = Type.Number()

export const Ledger = Type.Object({
  format: Type.Literal(1),
  goal: Goal,
  attempt: Type.Integer(),
  /**
   * `ordered`: `act` is to be run at `next`. `activating`, `deactivating`: a run was about to begin. `settling`: it has
   * ended and the firmware is being read. The others are ends.
   */
  phase: Type.Enum([
    'ordered',
    'activating',
    'deactivating',
    'settling',
    'activated',
    'deactivated',
    'failed',
    'withdrawn',
  ]),
  /** What runs next, or ran last. */
  act: Type.Enum(['activate', 'deactivate']),
  recovering: Type.Boolean(),
  recoveries: Count,
  /** Passing failures in a row. */
  tries: Count,
  /** Runs of this attempt. */
  runs: Count,
  /** Looks at the firmware since the last run. */
  looks: Count,
  /** How often the firmware lost what this attempt had set up. */
  losses: Count,
  since: Moment,
  /** `waitMs` was asked for at the time: should more than that seem to be left, the clock was set back. */
  next: Type.Optional(Type.Object({ at: Moment, waitMs: Count })),
  message: Type.String({ maxLength: 500 }),
  exit: Type.Optional(Type.Integer()),
  verdict: Type.Optional(Type.Enum(['ok', 'transient', 'auth', 'refused', 'fault'])),
  /** When and in which boot the last run began. */
  run: Type.Optional(Type.Object({ at: Moment, boot: Type.String({ maxLength: 64 }) })),
  /** Whether a tunnel belongs to the goal; unless the server said otherwise, it does. */
  tunnel: Type.Boolean(),
  /** The firmware was as ordered before the last run, so being so afterwards proves nothing. */
  wasThere: Type.Boolean(),
  /** Nothing was known of this machine when this was ordered. */
  first: Type.Boolean(),
  /** Host name of the ordered server. */
  server: Type.String({ maxLength: 500 }),
  /** Where the firmware's tunnel leads since the goal was reached. */
  mps: Type.Optional(Type.String({ maxLength: 256 })),
})
export type Ledger = Static<typeof Ledger>

export interface LedgerFile {
  /** What is written, as far as it is known. */
  readonly present: Ledger | undefined
  /** Reads the file once; a file that is not a ledger counts as none. Throws what reading throws. */
  load(): Promise<Ledger | undefined>
  /** Writes before it is believed. */
  save(ledger: Ledger): Promise<void>
}

export function openLedger(files: Files): LedgerFile {
  let present: Ledger | undefined
  let loaded = false
  return {
    get present() {
      return present
    },
    async load() {
      if (loaded) return present
      const content = await files.read(LEDGER_PATH)
      present = content === undefined ? undefined : readMessage(Ledger, content, MAX_BYTES)
      loaded = true
      return present
    },
    async save(ledger) {
      await files.replace(LEDGER_PATH, `${JSON.stringify(ledger)}\n`)
      present = ledger
      loaded = true
    },
  }
}

/** How long until `next`; 0 when it is due, or when the clock was set back meanwhile. */
export function leftMs({ next }: Pick<Ledger, 'next'>, now: EpochMs): number {
  if (next === undefined) return 0
  const left = next.at - now
  return left > next.waitMs ? 0 : Math.max(0, left)
}

/** Whether something is still to be done about it. */
export function isOpen({ phase }: Pick<Ledger, 'phase'>): boolean {
  return phase === 'ordered' || phase === 'activating' || phase === 'deactivating' || phase === 'settling'
}
