// SPDX-License-Identifier: Apache-2.0
/** What is measured of each broker, and processor time over an act. */
import { cpuSecondsOf } from './support.ts'

/** Milliseconds of processor time are those of the broker's process alone. */
export type Measured = {
  connectsPerS: number
  cpuMsPerConnect: number
  kibPerConnection: number
  ingestPerS: number
  ingestCpuMs: number
  fanOutPerS: number
  fanOutCpuMs: number
  stormS: number
  stormCpuMs: number
}

export async function timed<T>(of: { readonly pid: number }, act: () => Promise<T>) {
  const [cpu, began] = [cpuSecondsOf(of.pid), performance.now()]
  const made = await act()
  const seconds = (performance.now() - began) / 1_000
  return { made, seconds, cpuMs: (cpuSecondsOf(of.pid) - cpu) * 1_000 }
}
