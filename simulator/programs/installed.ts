// SPDX-License-Identifier: Apache-2.0
/** The programs that a simulated host comes with. */
import type { System } from '../../agent/system/system.ts'
import type { Clock } from '../../plugins/contract/index.ts'
import type { Engine } from '../engine.ts'
import type { Power } from '../power.ts'
import type { Programs } from '../processes.ts'
import { type BaseOptions, basePrograms } from './base.ts'
import { type Lms, modprobe } from './lms.ts'
import { powerPrograms } from './power.ts'
import type { RpcTrouble } from './rpc/faults.ts'
import { rpcProgram } from './rpc.ts'

export type InstalledOptions = Omit<BaseOptions, 'clock'> & {
  readonly power: Power
  readonly engine: Engine
  readonly lms: Lms
  readonly trouble: RpcTrouble
  /** The system of the present boot. */
  readonly system: () => System
  readonly goingDownMs: number
  readonly bootMs: number
}

export function installedPrograms(options: InstalledOptions): Programs {
  const { facts, power, engine, lms, system, goingDownMs, bootMs } = options
  const clock: Clock = {
    now: () => system().clock.now(),
    monotonic: () => system().clock.monotonic(),
    after: (waitMs, act) => system().clock.after(waitMs, act),
    sleep: (waitMs, signal) => system().clock.sleep(waitMs, signal),
  }
  const rpc = rpcProgram({
    ...options,
    clock,
    meiFacts: () => engine.meiFacts(),
    engine() {
      const machine = engine.machine()
      if (machine === undefined) throw new TypeError('rpc looks whether there is an engine before it uses it')
      return { mei: machine.mei, lms: machine.lms }
    },
    lmsRuns: () => lms.state === 'running',
    network: () => system().network,
    file: path => system().files.text(path),
  })
  return new Map([
    ...basePrograms({ ...options, clock }),
    ...powerPrograms({ power, clock, goingDownMs, bootMs, unit: lms.systemctl }),
    ['modprobe', modprobe(facts)] as const,
    ...(rpc === undefined ? [] : ([['rpc', rpc]] as const)),
  ])
}
