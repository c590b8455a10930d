// SPDX-License-Identifier: Apache-2.0
/** The power sequencing of a simulated host as its management engine drives it. */
import type { AmtState, BootDone } from './state.ts'
import { STATUS } from './status.ts'

/** What became of the host's power. */
export type PowerChange = {
  /** The code that was asked for; 0 for the button. */
  readonly action: number
  readonly from: number
  readonly to: number
  /** It started anew: from off, or by a reset. */
  readonly booted: boolean
  /** The operating system was told first and went down by itself. */
  readonly graceful: boolean
  /** A debug interrupt, which stops the operating system where it is. */
  readonly nmi: boolean
}

type Act = {
  readonly to: number
  readonly from: readonly number[]
  readonly graceful?: true
  readonly boots?: true
  readonly nmi?: true
}

const ON = [2]
const UP = [2, 3, 4]
const ACTS: Readonly<Record<number, Act>> = {
  2: { to: 2, from: [2, 3, 4, 6, 7, 8] },
  3: { to: 3, from: ON },
  4: { to: 4, from: ON },
  5: { to: 2, from: UP, boots: true },
  6: { to: 6, from: UP },
  7: { to: 7, from: ON },
  8: { to: 8, from: UP },
  9: { to: 2, from: UP, boots: true },
  10: { to: 2, from: ON, boots: true },
  11: { to: 2, from: ON, nmi: true },
  12: { to: 8, from: ON, graceful: true },
  13: { to: 6, from: ON, graceful: true },
  14: { to: 2, from: ON, graceful: true, boots: true },
  15: { to: 2, from: ON, graceful: true, boots: true },
  16: { to: 2, from: ON, graceful: true, boots: true },
  17: { to: 2, from: ON, nmi: true },
}

/** What an action would do now, or the status that refuses it. */
export function judgePower(
  state: Pick<AmtState, 'power'>,
  action: number,
  host: { readonly sleep: boolean; readonly systemUp: boolean },
): PowerChange | number {
  const act = ACTS[action]
  if (act === undefined) return STATUS.invalidParameter
  if (!act.from.includes(state.power)) return STATUS.notReady
  if ((action === 3 || action === 4) && !host.sleep) return STATUS.notReady
  if ((act.graceful || action === 3 || action === 4 || action === 7) && !host.systemUp) return STATUS.notReady
  const fromOff = action === 2 && (state.power === 6 || state.power === 8 || state.power === 7)
  return {
    action,
    from: state.power,
    to: act.to,
    booted: act.boots === true || fromOff,
    graceful: act.graceful === true,
    nmi: act.nmi === true,
  }
}

/** Uses up what the next boot was told to do; a source counts only when the role said so. */
export function consumeBoot(state: AmtState, reason: string): BootDone {
  const { settings = {}, source, role } = state.boot
  const applied = role === 1
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(settings))
    plain[name] = typeof value === 'string' ? value : value.join(',')
  const blob = Buffer.from(plain.UefiBootParametersArray ?? plain.UEFIBootParametersArray ?? '', 'base64')
  const done: BootDone = {
    ...(applied && source !== undefined && { source }),
    settings: plain,
    parameters: readParameters(blob),
    reason,
  }
  state.boot = { enabledState: state.boot.enabledState, last: done }
  return done
}

/** Vendor and type as little-endian 16 bits, the length as 32, then the value; a broken rest is left out. */
export function readParameters(bytes: Buffer): { vendor: number; type: number; value: string }[] {
  const parameters: { vendor: number; type: number; value: string }[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4)
    if (at + 8 + length > bytes.length) break
    parameters.push({
      vendor: bytes.readUInt16LE(at),
      type: bytes.readUInt16LE(at + 2),
      value: bytes.subarray(at + 8, at + 8 + length).toString('hex'),
    })
    at += 8 + length
  }
  return parameters
}
