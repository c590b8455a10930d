// SPDX-License-Identifier: Apache-2.0
/** Intel's local service on a simulated host, as `systemctl` shows and moves it; and `modprobe`. */
import type { RunResult } from '../../plugins/contract/index.ts'
import type { SimulatedFacts } from '../facts.ts'
import { exited, type Program } from '../processes.ts'

export type LmsState = 'running' | 'stopped' | 'masked' | 'absent'

export interface Lms {
  state: LmsState
  /** Answers `systemctl` for this unit; `undefined` when another is meant. */
  systemctl(verb: string, unit: string): RunResult | undefined
}

export function createLms(state: LmsState): Lms {
  const lms: Lms = {
    state,
    systemctl(verb, unit) {
      if (unit !== 'lms.service' && unit !== 'lms') return undefined
      return answer(lms, verb)
    },
  }
  return lms
}

function answer(lms: Lms, verb: string): RunResult {
  const { state } = lms
  if (verb === 'show') return exited(0, `LoadState=${LOADED[state]}\nActiveState=${ACTIVE[state]}\n`)
  if (verb === 'is-active') return exited(state === 'running' ? 0 : state === 'absent' ? 4 : 3, `${ACTIVE[state]}\n`)
  if (state === 'absent') return exited(verb === 'start' ? 5 : 1, '', 'Unit lms.service not found.\n')
  if (verb === 'unmask' && state === 'masked') lms.state = 'stopped'
  if (state === 'masked' && verb !== 'unmask') return exited(1, '', 'Unit lms.service is masked.\n')
  if (verb === 'start' || verb === 'restart') lms.state = 'running'
  if (verb === 'stop') lms.state = 'stopped'
  return exited(0)
}

const LOADED = { running: 'loaded', stopped: 'loaded', masked: 'masked', absent: 'not-found' } as const
const ACTIVE = { running: 'active', stopped: 'inactive', masked: 'inactive', absent: 'inactive' } as const

/** Knows no modules but the management engine's, and those only where their driver is installed. */
export function modprobe({ amt }: SimulatedFacts): Program {
  return ({ args }) => {
    const name = args.find(arg => !arg.startsWith('-')) ?? ''
    if (/^mei(_me)?$/.test(name) && amt.obstacle !== 'no-driver') return exited(0)
    return exited(1, '', `modprobe: FATAL: Module ${name} not found in directory /lib/modules\n`)
  }
}
