// SPDX-License-Identifier: Apache-2.0
/** The plugin `os`: reads the operating system from its files and gives the host its name. */
import { definePlugin, MINUTE, type PluginHost, type Rfc3339, type Running, type Support } from '../contract/index.ts'
import { type OsObserved, type OsStep, os as section } from './contract.ts'
import { packageCounter } from './packages.ts'
import { plan } from './plan.ts'
import { problem } from './problems.ts'
import { parseBootTime, parseOsRelease, steadyBootTime, zoneOf } from './release.ts'

const LOOK_AGAIN_MS = 5 * MINUTE
const ETC_HOSTNAME = '/etc/hostname'
const KERNEL = '/proc/sys/kernel'

export const os = definePlugin<typeof section, OsStep>({
  manifest: {
    name: 'os',
    version: '0.1.0',
    contract: 1,
    isolation: 'inline',
    permissions: {
      run: ['hostname', 'hostnamectl', 'rpm', 'uname'],
      read: [
        '/etc/localtime',
        '/etc/os-release',
        '/etc/timezone',
        '/proc/stat',
        `${KERNEL}/arch`,
        `${KERNEL}/hostname`,
        `${KERNEL}/osrelease`,
        `${KERNEL}/random/boot_id`,
        `${KERNEL}/version`,
        '/usr/lib/os-release',
        '/usr/lib/sysimage/rpm',
        '/var/lib/dpkg/status',
        '/var/lib/rpm',
        ETC_HOSTNAME,
      ],
      write: [ETC_HOSTNAME],
    },
  },
  section,
  start,
})

function start(host: PluginHost): Running<typeof section, OsStep> {
  const packages = packageCounter(host)
  const kernel = kernelReader(host)
  const boot = bootReader(host)
  let forgetWake: () => void = () => {}

  return {
    async probe(): Promise<Support> {
      if ((await fact(host, `${KERNEL}/hostname`)) !== undefined) return { supported: true }
      return { supported: false, why: 'there is no /proc/sys/kernel to look at' }
    },
    async observe(signal): Promise<OsObserved> {
      forgetWake()
      forgetWake = host.wake(LOOK_AGAIN_MS)
      const staticHostname = await readStaticHostname(host)
      return {
        hostname: (await fact(host, `${KERNEL}/hostname`)) ?? '',
        ...(staticHostname === undefined ? {} : { staticHostname }),
        release: await readRelease(host),
        kernel: await kernel(signal),
        packages: await packages(signal),
        ...(await boot()),
        ...(await readTimeZone(host)),
      }
    },
    plan,
    apply: (step, signal) => setHostname(host, step.hostname, signal),
    commands: {},
    async stop() {
      forgetWake()
    },
  }
}

/** A file's text on one line of at most 200 characters; `undefined` when it cannot be read or is empty. */
async function fact({ files }: PluginHost, path: string): Promise<string | undefined> {
  return short(await files.text(path).catch(() => undefined))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]+/g

function short(text: string | undefined): string | undefined {
  const line = text?.toWellFormed().replace(UNPRINTABLE, ' ').trim().slice(0, 200).toWellFormed()
  return line === '' ? undefined : line
}

// hostname(5): comments and empty lines are skipped.
async function readStaticHostname({ files }: PluginHost): Promise<string | undefined> {
  const text = (await files.text(ETC_HOSTNAME).catch(() => undefined)) ?? ''
  return short(text.split('\n').find(line => line.trim() !== '' && !line.trimStart().startsWith('#')))
}

async function readRelease({ files }: PluginHost): Promise<OsObserved['release']> {
  const read = (path: string): Promise<string | undefined> => files.text(path).catch(() => undefined)
  const fields = parseOsRelease((await read('/etc/os-release')) ?? (await read('/usr/lib/os-release')) ?? '')
  const members = {
    id: short(fields.ID),
    name: short(fields.NAME),
    prettyName: short(fields.PRETTY_NAME),
    version: short(fields.VERSION_ID ?? fields.VERSION),
    variant: short(fields.VARIANT ?? fields.VARIANT_ID),
  }
  return defined(members)
}

// A cast is needed because entries forget their keys; it is true because only undefined members went away.
function defined<T extends Record<string, string | undefined>>(members: T): { [Key in keyof T]?: string } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: string
  }
}

// A kernel stays the same until the next boot, and the agent does not outlive it.
function kernelReader(host: PluginHost): (signal: AbortSignal) => Promise<OsObserved['kernel']> {
  let known: OsObserved['kernel'] | undefined
  return async signal => {
    known ??= defined({
      release: await fact(host, `${KERNEL}/osrelease`),
      version: await fact(host, `${KERNEL}/version`),
      architecture: (await fact(host, `${KERNEL}/arch`)) ?? (await askMachine(host, signal)),
    })
    return known
  }
}

// Kernels before 6.1 do not have the file.
async function askMachine(host: PluginHost, signal: AbortSignal): Promise<string | undefined> {
  const { code, stdout } = await host.run('uname', ['-m'], { signal, timeoutMs: 10_000 })
  return code === 0 ? short(stdout) : undefined
}

function bootReader(host: PluginHost): () => Promise<Pick<OsObserved, 'bootId' | 'bootedAt'>> {
  let said: { readonly bootId: string | undefined; readonly bootedAt: Rfc3339 } | undefined
  return async () => {
    const bootId = await fact(host, `${KERNEL}/random/boot_id`)
    const bootedAt = parseBootTime((await host.files.text('/proc/stat').catch(() => undefined)) ?? '')
    if (bootedAt !== undefined) {
      said = { bootId, bootedAt: steadyBootTime(said?.bootId === bootId ? said?.bootedAt : undefined, bootedAt) }
    }
    return defined({ bootId, bootedAt: bootedAt === undefined ? undefined : said?.bootedAt })
  }
}

async function readTimeZone(host: PluginHost): Promise<Pick<OsObserved, 'timeZone'>> {
  const link = await host.files.link('/etc/localtime').catch(() => undefined)
  return defined({ timeZone: zoneOf(link) ?? (await fact(host, '/etc/timezone')) })
}

/**
 * Writes the name for the next boot, then puts it into force. The file comes first, so that a crash in between leaves
 * a host that the next pass finishes. The name matches the section's pattern and so cannot be taken for an option.
 */
async function setHostname(host: PluginHost, hostname: string, signal: AbortSignal): Promise<void> {
  await host.files.replace(ETC_HOSTNAME, `${hostname}\n`, 0o644)
  const options = { signal, timeoutMs: 30_000 }
  const modern = await host.run('hostnamectl', ['--no-ask-password', 'set-hostname', hostname], options)
  if (modern.code === 0) return
  // Without systemd, or without its bus, as in a container.
  const plain = await host.run('hostname', [hostname], options)
  if (plain.code === 0) return
  const detail = plain.code === -1 ? modern.stderr : plain.stderr
  throw problem('hostname-not-set', short(detail) ?? 'neither hostnamectl nor hostname could be run', { hostname })
}
