// SPDX-License-Identifier: Apache-2.0
/** Remote Platform Erase: disks, TPM, BIOS settings and the firmware's own configuration, for machines that can. */
import { problem } from '../problems.ts'
import { type CallOptions, numberOf, type Output, type Wsman } from '../wsman/wsman.ts'
import { applyBoot, recoveryEnabled } from './boot.ts'
import { READ_ONLY } from './boot-data.ts'
import { readBootCapabilities, readPowerState } from './power.ts'
import { REACHED } from './power-codes.ts'
import type { Parameter } from './tlv.ts'
import { contentOf, members, overlay, succeeded, without } from './wire.ts'

/** Bits of AMT_BootCapabilities.PlatformErase. */
export const ERASE = { disks: 0x4, tpm: 0x40, bios: 0x400_0000, firmware: 0x1_0000 } as const

export type Erase = {
  readonly disks: boolean
  readonly tpm: boolean
  readonly bios: boolean
  readonly firmware: boolean
}

export function eraseMask(erase: Erase): number {
  const names = Object.keys(ERASE) as (keyof Erase)[] // its own keys
  return names.reduce<number>((mask, name) => (erase[name] ? mask | ERASE[name] : mask), 0)
}

/** What a device can erase; 0 when it cannot. */
export async function readEraseCapabilities(wsman: Wsman, options?: CallOptions): Promise<number> {
  return numberOf((await readBootCapabilities(wsman, options)).PlatformErase) ?? 0
}

export type ErasePlan = {
  readonly erase: Erase
  readonly diskPassword?: string | undefined
  readonly options?: CallOptions
}

/** Starts the erasure: there is no way back. Throws `amt-unsupported` when the device cannot erase all of what is asked. */
export async function erasePlatform(wsman: Wsman, { erase, diskPassword, options }: ErasePlan): Promise<Output> {
  const mask = eraseMask(erase)
  const able = await readEraseCapabilities(wsman, options)
  if (able === 0) throw problem('amt-unsupported', 'Device does not support Remote Platform Erase')
  if (mask === 0 || (able & mask) !== mask) {
    throw problem('amt-unsupported', 'Requested erase capabilities are not supported by this device')
  }
  const hardware = mask & ~ERASE.firmware
  await switchErase(wsman, true, options)
  const { state } = await readPowerState(wsman, options)
  const change = {
    platformErase: hardware !== 0,
    resetConfiguration: erase.firmware,
    diskPassword: diskPassword === '' ? undefined : diskPassword,
  }
  return applyBoot(
    wsman,
    {
      change: hardware === 0 ? change : { ...change, parameters: [maskParameter(hardware)] },
      // The rails of the firmware must go down as well, which a reset does not do.
      power: REACHED.off.includes(state) ? 2 : 5,
    },
    options,
  )
}

const DEVICES = 1

function maskParameter(mask: number): Parameter {
  const value = Buffer.alloc(4)
  value.writeUInt32LE(mask >>> 0, 0)
  return { type: DEVICES, value }
}

/** Allows or forbids erasure, and leaves One Click Recovery as it is: 32768 none, 32769 recovery, 32770 erase, 32771 both. */
export async function switchErase(wsman: Wsman, on: boolean, options?: CallOptions): Promise<void> {
  const service = await contentOf(wsman.get('CIM_BootService', options))
  const recovery = recoveryEnabled(numberOf(service?.EnabledState))
  const RequestedState = 32_768 + (recovery ? 1 : 0) + (on ? 2 : 0)
  const output = await wsman.invoke('CIM_BootService', 'RequestStateChange', members({ RequestedState }), options)
  succeeded(output, 'Remote Platform Erase was not switched')
}

/** Sets the member that allows erasure at the next boots. */
export async function allowErase(wsman: Wsman, on: boolean, options?: CallOptions): Promise<void> {
  if ((await readEraseCapabilities(wsman, options)) === 0) {
    throw problem('amt-unsupported', 'Device does not support Remote Platform Erase')
  }
  const { content } = await wsman.get('AMT_BootSettingData', options)
  await wsman.put('AMT_BootSettingData', overlay(without(content, READ_ONLY), { PlatformErase: on }), options)
}
