// SPDX-License-Identifier: Apache-2.0
/** The plugin `power`: takes the host down and, once it is up again, says so. */
import {
  definePlugin,
  type Handler,
  type PluginHost,
  type Running,
  type RunResult,
  type Support,
} from '../contract/index.ts'
import { BOOT_ID, type Boot, bootReader, STAT } from './boot.ts'
import { GRACE_MS, type PowerInput, type PowerObserved, type PowerOutput, power as section } from './contract.ts'
import { plan } from './plan.ts'
import { problem } from './problems.ts'

const PROGRAM_FOLDERS = ['/usr/sbin', '/sbin']

export const power = definePlugin<typeof section, never>({
  manifest: {
    name: 'power',
    version: '0.1.0',
    contract: 1,
    isolation: 'inline',
    permissions: {
      run: ['shutdown', 'sleep', 'systemctl'],
      read: ['/run/systemd', BOOT_ID, STAT, ...PROGRAM_FOLDERS],
    },
  },
  section,
  start,
})

function start(host: PluginHost): Running<typeof section, never> {
  const boot = bootReader(host)
  let canReboot: boolean | undefined

  return {
    async probe(): Promise<Support> {
      if ((await boot()).bootId !== undefined) return { supported: true }
      return { supported: false, why: 'the boot id cannot be read, so no act could be read back' }
    },
    async observe(): Promise<PowerObserved> {
      canReboot ??= await hasProgram(host)
      return { ...(await boot()), canReboot }
    },
    plan,
    apply: async () => {},
    commands: {
      reboot: handler(host, boot, {
        systemctl: 'reboot',
        shutdown: '-r',
        failed: detail => problem('reboot-not-happened', detail),
      }),
      shutdown: handler(host, boot, {
        systemctl: 'poweroff',
        shutdown: '-h',
        failed: detail => problem('shutdown-not-happened', detail),
      }),
    },
  }
}

// sd_booted(3): systemd runs the system when this folder is there.
async function hasProgram({ files }: PluginHost): Promise<boolean> {
  const list = (path: string): Promise<readonly string[]> => files.list(path).catch(() => [])
  if ((await list('/run/systemd')).includes('system')) return true
  for (const folder of PROGRAM_FOLDERS) if ((await list(folder)).includes('shutdown')) return true
  return false
}

type Act = {
  readonly systemctl: string
  readonly shutdown: string
  readonly failed: (detail: string) => Error
}

/**
 * `run` never succeeds: the host goes down under it, and only what is read back afterwards counts. It ends in failure
 * when the program refuses or the host is still up after the grace.
 */
function handler(host: PluginHost, boot: () => Promise<Boot>, act: Act): Handler<PowerInput, PowerOutput> {
  return {
    async run({ delaySeconds = 0, message }, { signal }) {
      if (delaySeconds > 0 && !(await waited(host, delaySeconds, signal))) {
        throw problem('power-refused', 'this host has no way to wait before it goes down')
      }
      await trigger(host, act, message, signal)
      if (await waited(host, GRACE_MS / 1_000, signal)) {
        throw act.failed(`it is still up ${GRACE_MS / 1_000} s after it was told to go down`)
      }
      return aborted(signal)
    },
    async recover(_input, { rebooted }) {
      const { bootId, bootedAt } = await boot()
      if (!rebooted || bootId === undefined) throw act.failed('it is in the same boot as before')
      return { bootId, ...(bootedAt === undefined ? {} : { bootedAt }) }
    },
  }
}

/** Waits by a program, so that the wait ends with the signal and needs no clock here; `false` when it ended early. */
async function waited(host: PluginHost, seconds: number, signal: AbortSignal): Promise<boolean> {
  const { code } = await host.run('sleep', [String(seconds)], { signal, timeoutMs: (seconds + 30) * 1_000 })
  signal.throwIfAborted()
  return code === 0
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

// The message is one argument of its own, behind `=` or after `--`, so nothing in it can be taken for an option.
async function trigger(host: PluginHost, act: Act, message: string | undefined, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: 60_000 }
  const said = message === undefined ? [] : [`--message=${message}`]
  const modern = await host.run('systemctl', [act.systemctl, '--no-ask-password', ...said], options)
  signal.throwIfAborted()
  if (modern.code === 0) return
  if (modern.code !== -1) throw refused(modern)
  const classic = await host.run(
    'shutdown',
    [act.shutdown, 'now', ...(message === undefined ? [] : ['--', message])],
    options,
  )
  signal.throwIfAborted()
  if (classic.code === 0) return
  throw refused(classic.code === -1 ? modern : classic)
}

function refused({ code, stderr, stdout }: RunResult): Error {
  const said = (stderr.trim() || stdout.trim()).slice(0, 500).toWellFormed()
  return problem('power-refused', said || `the program ended with code ${code}`, { code })
}
