// SPDX-License-Identifier: Apache-2.0
/** Which boot the host is in, and since when. */
import { formatTime, MINUTE, type PluginHost } from '../contract/index.ts'
import type { PowerObserved } from './contract.ts'

export const BOOT_ID = '/proc/sys/kernel/random/boot_id'
export const STAT = '/proc/stat'

export type Boot = Pick<PowerObserved, 'bootId' | 'bootedAt'>

/**
 * Creates a reader that keeps to what it said of a boot unless that was wrong by a minute: the kernel recomputes its
 * boot time from the clock, so it wanders by a second and jumps when the clock is set.
 */
export function bootReader({ files }: PluginHost): () => Promise<Boot> {
  let said: { readonly bootId: string | undefined; readonly at: number } | undefined
  return async () => {
    const bootId = (await files.text(BOOT_ID).catch(() => undefined))?.trim().slice(0, 64) || undefined
    const stat = (await files.text(STAT).catch(() => undefined)) ?? ''
    const seconds = /^btime (\d{1,12})$/m.exec(stat)?.[1]
    if (seconds === undefined) return bootId === undefined ? {} : { bootId }
    const at = Number(seconds) * 1_000
    if (said === undefined || said.bootId !== bootId || Math.abs(said.at - at) >= MINUTE) said = { bootId, at }
    return { ...(bootId === undefined ? {} : { bootId }), bootedAt: formatTime(said.at) }
  }
}
