// SPDX-License-Identifier: Apache-2.0
/** Scenarios of the simulator on a controller of their own, as somebody would run them: programs, files, exit codes. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { controllerProcess } from './process.ts'

/** Each on a controller and a fleet of its own, so that they wait side by side; those that break links most come last. */
export const PARTS = [
  ['cold-start', 'mass-reboot', 'clock-skew', 'broker-restart'],
  ['amt-tunnels', 'site-outage', 'clone-wave'],
  ['half-open-links', 'controller-crash'],
]
export const SCENARIOS = PARTS.flat()
const SIMULATOR = fileURLToPath(new URL('../../simulator/main.ts', import.meta.url))

export type Reported = {
  readonly passed: boolean
  readonly scenarios: readonly {
    readonly scenario: string
    readonly hosts: number
    readonly unsettled: readonly number[]
    readonly expectations: readonly { readonly held: boolean }[]
    readonly faults: readonly string[]
    readonly tookMs: number
    readonly roundTripsMs: { readonly p50?: number; readonly p95?: number; readonly p99?: number }
    readonly eventLogSha256: string
    readonly verdict: {
      readonly accepted: number
      readonly missing: readonly string[]
      readonly twice: readonly string[]
      readonly late: readonly string[]
      readonly contradicted: readonly string[]
    }
  }[]
}

export type Wish = {
  readonly seed: string
  readonly hosts: number
  readonly scenarios: readonly string[]
  readonly short: boolean
  readonly onSaid?: (text: string) => void
}

export type Played = { readonly code: number; readonly said: string; readonly report: Reported }

/** The simulator starts and ends the controller as the scenarios want it; nothing is left behind. */
export async function play({ seed, hosts, scenarios, short, onSaid }: Wish): Promise<Played> {
  const controller = await controllerProcess()
  try {
    const folder = join(controller.dir, 'chaos')
    mkdirSync(folder)
    writeFileSync(join(folder, 'api-token'), controller.token, { mode: 0o600 })
    await controller.kill('SIGTERM')
    const child = spawn(
      process.execPath,
      [
        ...[SIMULATOR, 'run', ...scenarios, ...(short ? ['--short'] : []), '--hosts', String(hosts), '--seed', seed],
        ...['--url', controller.secureUrl, '--api', controller.url, '--api-token-file', join(folder, 'api-token')],
        ...['--controller', controller.command, '--json', join(folder, 'report.json')],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        said += part
        onSaid?.(part)
      })
    }
    const code = await new Promise<number>(resolve => child.once('close', ended => resolve(ended ?? -1)))
    const text = code === 0 || code === 9 ? readFileSync(join(folder, 'report.json'), 'utf8') : '{"scenarios":[]}'
    return { code, said, report: JSON.parse(text) }
  } finally {
    await controller.remove()
  }
}
