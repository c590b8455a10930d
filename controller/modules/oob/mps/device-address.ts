// SPDX-License-Identifier: Apache-2.0
/** Where a device is dialled that has no tunnel: members that MPS does not have, under the names Console gives them. */
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Device, DeviceChange } from '../devices/devices.ts'
import { readAddress, readFingerprint, writeAddress } from '../devices/lan-address.ts'
import { type Fields, fulfils, isText } from './fields.ts'

type Body = Readonly<Record<string, unknown>>

const isFlag = fulfils(value => typeof value === 'boolean', 'should be a boolean')

export function addressChecks(fields: Fields): void {
  const isAddress = (value: unknown): boolean => typeof value === 'string' && readAddress(value) !== undefined
  const isHash = (value: unknown): boolean => typeof value === 'string' && readFingerprint(value) !== undefined
  fields
    .lax(
      'body',
      'address',
      isText,
      fulfils(isAddress, 'address should be a name or an IP address, with port 16992 or 16993'),
    )
    .nullable('body', 'useTLS', isFlag)
    .nullable('body', 'allowSelfSigned', isFlag)
    .lax('body', 'certHash', fulfils(isHash, 'certHash should be a SHA-256 fingerprint'))
}

/** Whether the body says anything about the way to the device. */
export function namesAddress(body: Body): boolean {
  return ['address', 'useTLS', 'allowSelfSigned', 'certHash'].some(name => body[name] !== undefined)
}

/** What a checked body changes; another address has another certificate. */
export function addressChange(body: Body, present: Device | undefined): DeviceChange {
  const { address: given, useTLS, allowSelfSigned, certHash } = body
  const text = given === undefined ? present?.address : given
  const read = typeof text === 'string' ? readAddress(text) : undefined
  const address =
    read === undefined ? undefined : writeAddress(typeof useTLS === 'boolean' ? { ...read, secured: useTLS } : read)
  const isElsewhere = given !== undefined && address !== present?.address
  return {
    ...(given === undefined && typeof useTLS !== 'boolean' ? {} : { address }),
    ...(typeof allowSelfSigned === 'boolean' ? { allowSelfSigned } : {}),
    ...(isElsewhere && certHash === undefined ? { certHash: undefined } : {}),
    ...(certHash === undefined ? {} : { certHash: readFingerprint(String(certHash ?? '')) }),
  }
}

/** Shown of devices that have an address only: others are as MPS shows them, to the byte. */
export function addressJson(device: Device): { readonly [name: string]: Json } {
  const address = device.address === undefined ? undefined : readAddress(device.address)
  if (address === undefined) return {}
  return {
    address: device.address ?? '',
    useTLS: address.secured,
    allowSelfSigned: device.allowSelfSigned,
    certHash: device.certHash ?? null,
  }
}
