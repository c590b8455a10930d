// SPDX-License-Identifier: Apache-2.0
/** Finds and runs the programs of acts: such as only root can change, by argument vector, inside or outside the unit. */
import { posix } from 'node:path'
import type { RandomBytes } from '../../plugins/contract/index.ts'
import { FIXED_ENVIRONMENT } from '../hosting/plugin-host.ts'
import type { Processes } from '../system/system.ts'
import { absent } from './act.ts'
import type { Ran } from './inputs.ts'
import { problem } from './problems.ts'
import { MAX_OUTPUT_BYTES } from './wire.ts'

export type RunOptions = {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly env?: Readonly<Record<string, string>>
  /**
   * Needs more than the helper has, such as the network or the whole file system: under systemd it runs as a unit of its
   * own, which the service manager starts. Elsewhere it is a child like any other.
   */
  readonly outside?: true
}

export interface Programs {
  /** The path of a program, or `undefined`. Throws `program-unsafe` for one that others than root could change. */
  find(name: string): Promise<string | undefined>
  run(name: string, args: readonly string[], options: RunOptions): Promise<Ran>
  /** Whether a service manager runs this system (sd_booted(3)). */
  readonly managed: boolean
}

/** What is looked at of a program before it is run. */
export type Ownership = { readonly isFile: boolean; readonly ownerIsUs: boolean; readonly othersMayWrite: boolean }

export type ProgramParts = {
  readonly processes: Processes
  readonly random: RandomBytes
  /** Looked in before the folders of the system. */
  readonly folders: readonly string[]
  readonly managed: boolean
  readonly ownership: (path: string) => Promise<Ownership | undefined>
}

/** Where an administrator's own programs come before those of the distribution, as in every shell. */
export const SYSTEM_FOLDERS = FIXED_ENVIRONMENT.PATH.split(':')

export function createPrograms(parts: ProgramParts): Programs {
  const find = (name: string): Promise<string | undefined> => findIn(parts, name)
  return {
    managed: parts.managed,
    find,
    async run(name, args, { signal, timeoutMs, env = {}, outside }) {
      const file = await find(name)
      if (file === undefined) return absent(name)
      const whole = { ...env, ...FIXED_ENVIRONMENT }
      const options = { signal, timeoutMs, env: whole, maxBytes: MAX_OUTPUT_BYTES }
      const launcher = outside && parts.managed ? await find('systemd-run') : undefined
      if (launcher === undefined) return parts.processes.run(file, args, options)
      const unit = `muster-act-${Buffer.from(parts.random(8)).toString('hex')}.service`
      const line = outsideLine({ unit, env: whole, timeoutMs, file, args })
      try {
        return await parts.processes.run(launcher, line, {
          ...options,
          env: FIXED_ENVIRONMENT,
          timeoutMs: timeoutMs + 5_000,
        })
      } finally {
        // Ending systemd-run does not end what it started.
        if (signal.aborted) await stopUnit(parts, unit)
      }
    },
  }
}

export type Outside = {
  readonly unit: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly file: string
  readonly args: readonly string[]
}

/** The arguments of `systemd-run` for one act; pure. Everything of the act comes after `--`. */
export function outsideLine({ unit, env, timeoutMs, file, args }: Outside): readonly string[] {
  return [
    '--quiet',
    '--pipe',
    '--wait',
    '--collect',
    '--no-ask-password',
    `--unit=${unit}`,
    '--description=A privileged act of muster-helper',
    '--service-type=exec',
    '--working-directory=/',
    `--property=RuntimeMaxSec=${Math.ceil(timeoutMs / 1_000)}`,
    '--property=KillMode=control-group',
    '--property=TimeoutStopSec=5',
    '--property=NoNewPrivileges=yes',
    '--property=PrivateTmp=yes',
    '--property=ProtectHome=yes',
    ...Object.entries(env).map(([name, value]) => `--setenv=${name}=${value}`),
    '--',
    file,
    ...args,
  ]
}

async function stopUnit({ processes }: ProgramParts, unit: string): Promise<void> {
  const options = { signal: new AbortController().signal, timeoutMs: 10_000, env: FIXED_ENVIRONMENT, maxBytes: 4_096 }
  await processes.run('systemctl', ['stop', '--no-block', '--no-ask-password', unit], options)
}

async function findIn({ folders, ownership }: ProgramParts, name: string): Promise<string | undefined> {
  for (const folder of [...folders, ...SYSTEM_FOLDERS]) {
    const path = posix.join(folder, name)
    const of = await ownership(path)
    if (of?.isFile !== true) continue
    const around = await ownership(folder)
    const unsafe = [of, around].some(each => each === undefined || !each.ownerIsUs || each.othersMayWrite)
    if (unsafe) throw problem('program-unsafe', path, { path })
    return path
  }
  return undefined
}
