// SPDX-License-Identifier: Apache-2.0
/** Small texts of the system, parsed: os-release, the boot time, the time zone. */
import { type EpochMs, formatTime, MINUTE, type Rfc3339 } from '../contract/index.ts'

/** Reads os-release(5): `KEY=value`, the value bare or in shell quotes. */
export function parseOsRelease(text: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, key, value] = /^\s*([A-Z0-9_]+)=(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) fields[key] = unquote(value.trim())
  }
  return fields
}

function unquote(value: string): string {
  const quote = value.charAt(0)
  if ((quote !== '"' && quote !== "'") || value.length < 2 || !value.endsWith(quote)) return value
  const inner = value.slice(1, -1)
  return quote === '"' ? inner.replace(/\\(["$`\\])/g, '$1') : inner
}

/** Reads `btime` of /proc/stat: when the kernel was booted, by today's clock. */
export function parseBootTime(stat: string): EpochMs | undefined {
  const seconds = /^btime (\d{1,12})$/m.exec(stat)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}

/**
 * The kernel recomputes its boot time from the clock, so it wanders by a second and jumps when the clock is set. What
 * was said of this boot is kept unless it was wrong by a minute.
 */
export function steadyBootTime(said: Rfc3339 | undefined, bootedAt: EpochMs): Rfc3339 {
  if (said !== undefined && Math.abs(Date.parse(said) - bootedAt) < MINUTE) return said
  return formatTime(bootedAt)
}

/** Takes the zone out of the target of /etc/localtime: `/usr/share/zoneinfo/Europe/Berlin`. */
export function zoneOf(target: string | undefined): string | undefined {
  return /(?:^|\/)zoneinfo\/(?:posix\/|right\/)?([A-Za-z0-9_+\-/]{1,64})$/.exec(target ?? '')?.[1]
}
