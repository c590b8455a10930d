// SPDX-License-Identifier: Apache-2.0
/** Takes the host down, as the signed command of the section power orders. */
import { check, MINUTE, SECOND } from '../../../plugins/contract/index.ts'
import { PowerInput, power as section } from '../../../plugins/power/contract.ts'
import { type Act, absent, type Bench } from '../act.ts'
import type { Ran } from '../inputs.ts'

const WITHIN_MS = MINUTE

export const reboot = act('Restart the operating system', 'reboot', { systemctl: 'reboot', shutdown: '-r' })
export const shutdown = act('Shut the operating system down', 'shutdown', { systemctl: 'poweroff', shutdown: '-h' })

type Words = { readonly systemctl: string; readonly shutdown: string }

function act(title: string, name: 'reboot' | 'shutdown', words: Words): Act<'power.reboot' | 'power.shutdown'> {
  return {
    title,
    authority: 'signed',
    withinMs: 2 * WITHIN_MS,
    alone: 'power',
    async perform(_input, bench) {
      const { programs, warrants } = bench
      const [modern, classic] = [await programs.find('systemctl'), await programs.find('shutdown')]
      // A command is used up before the act, so not while there is nothing to do it with.
      if (modern === undefined && classic === undefined) return absent('systemctl and no shutdown')
      const input = await warrants().command({ section, name, verb: `power.${name}`, waitMs: delayOf })
      const { message } = check(PowerInput, input, `input of ${name}`)
      return down(bench, words, message)
    },
  }
}

function delayOf(input: unknown): number {
  const { delaySeconds } = input as { readonly delaySeconds?: unknown } // read before it is checked, hence the range
  return typeof delaySeconds === 'number' && delaySeconds > 0 ? Math.min(delaySeconds, 3_600) * SECOND : 0
}

// The message is one argument of its own, behind `=` or after `--`, so nothing in it can be taken for an option.
async function down({ programs, signal }: Bench, words: Words, message: string | undefined): Promise<Ran> {
  const options = { signal, timeoutMs: WITHIN_MS }
  const said = message === undefined ? [] : [`--message=${message}`]
  const modern = await programs.run('systemctl', [words.systemctl, '--no-ask-password', ...said], options)
  if (modern.code !== -1 || signal.aborted) return modern
  const classic = await programs.run(
    'shutdown',
    [words.shutdown, 'now', ...(message === undefined ? [] : ['--', message])],
    options,
  )
  return classic.code === -1 ? modern : classic
}
