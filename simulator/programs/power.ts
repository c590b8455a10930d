// SPDX-License-Identifier: Apache-2.0
/** `systemctl` and `shutdown` of a simulated host, which really take it down. */
import { type Clock, MINUTE, type RunResult } from '../../plugins/contract/index.ts'
import type { Power } from '../power.ts'
import { exited, type Program, type Programs } from '../processes.ts'

export type PowerProgramOptions = {
  readonly power: Power
  readonly clock: Clock
  /** From the word to the moment everything stops. */
  readonly goingDownMs: number
  readonly bootMs: number
  /** Answers for the units there are; `undefined` for those there are not. */
  readonly unit: (verb: string, unit: string) => RunResult | undefined
}

type Act = 'reboot' | 'shutdown'

export function powerPrograms(options: PowerProgramOptions): Programs {
  const plan = planner(options)
  const now = (act: Act): RunResult => {
    plan.in(act, options.goingDownMs)
    return exited(0)
  }
  return new Map<string, Program>([
    ['poweroff', () => now('shutdown')],
    ['reboot', () => now('reboot')],
    ['shutdown', ({ args }) => shutdown(args, plan)],
    ['systemctl', ({ args }) => systemctl(args, now, options.unit)],
  ])
}

type Planner = { in(act: Act, waitMs: number): void; cancel(): void }

function planner({ power, clock, bootMs }: PowerProgramOptions): Planner {
  let cancel = (): void => undefined
  return {
    in(act, waitMs) {
      cancel()
      const lose = (): void => power.lose(act, act === 'reboot' ? bootMs : undefined)
      cancel = clock.after(waitMs, lose)
    },
    cancel: () => cancel(),
  }
}

function systemctl(
  args: readonly string[],
  now: (act: Act) => RunResult,
  known: PowerProgramOptions['unit'],
): RunResult {
  const [verb = '', unit = ''] = args.filter(arg => !arg.startsWith('-'))
  const told = unit === '' ? undefined : known(verb, unit)
  if (told !== undefined) return told
  if (verb === 'reboot' || verb === 'kexec') return now('reboot')
  if (verb === 'poweroff' || verb === 'halt') return now('shutdown')
  if (verb === 'is-system-running') return exited(0, 'running\n')
  if (verb === 'is-active') return exited(3, 'inactive\n')
  if (verb === 'show') return exited(0, 'LoadState=not-found\nActiveState=inactive\n')
  if (unit !== '') return exited(5, '', `Unit ${unit} not found.\n`)
  return exited(1, '', `Unknown command verb '${verb}'.\n`)
}

/** shutdown(8): `-r`, `-h`, `-P`, `-H`, `-c`, a time, then words for logged-in people. */
function shutdown(args: readonly string[], plan: Planner): RunResult {
  if (args.includes('-c')) {
    plan.cancel()
    return exited(0)
  }
  const when = args.find(arg => !arg.startsWith('-')) ?? '+1'
  const minutes = when === 'now' ? 0 : /^\+\d{1,5}$/.test(when) ? Number(when.slice(1)) : undefined
  if (minutes === undefined) return exited(1, '', `Failed to parse time specification: ${when}\n`)
  plan.in(args.includes('-r') ? 'reboot' : 'shutdown', Math.max(1, minutes * MINUTE))
  return exited(0)
}
