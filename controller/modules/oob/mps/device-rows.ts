// SPDX-License-Identifier: Apache-2.0
/** Device rows as MPS reads and shows them. */
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Device, DeviceChange, DeviceInfo } from '../devices/devices.ts'
import { guidOf } from '../toolkit/toolkit.ts'
import { addressChange, addressChecks, addressJson } from './device-address.ts'
import { passwordChecks } from './device-passwords.ts'
import { type Fields, fulfils, isLength, isText, isUuid, matches } from './fields.ts'
import type { Context } from './route.ts'

/** A row as MPS shows it. The first project is the one without a name. */
export function deviceJson(device: Device): { readonly [name: string]: Json } {
  return {
    guid: device.guid,
    hostname: device.hostname,
    tags: [...device.tags],
    mpsInstance: device.connected ? 'muster' : null,
    connectionStatus: device.connected,
    mpsusername: device.mpsUsername,
    tenantId: device.project === 'default' ? '' : device.project,
    friendlyName: device.friendlyName ?? null,
    dnsSuffix: device.dnsSuffix ?? null,
    lastConnected: device.lastConnected ?? null,
    lastSeen: device.lastSeen ?? null,
    lastDisconnected: device.lastDisconnected ?? null,
    deviceInfo: device.deviceInfo ?? null,
    ...addressJson(device),
  }
}

/** GUIDs may come without their hyphens. */
export function wholeGuid(text: unknown): string {
  const bare = String(text).toLowerCase().replaceAll('-', '')
  return guidOf(bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')) ?? bare
}

const SUFFIX = /^$|^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i
const TAGS = 'tags should be an array of strings'

/** Complaints as MPS words them. */
export function deviceChecks(fields: Fields): void {
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
  const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(each => typeof each === 'string')
  fields
    .check('body', 'guid', isUuid, isText)
    .nullable('body', 'friendlyName', isText, isLength(0, 256, 'friendlyName must be less than 257 characters'))
    .nullable('body', 'hostname', isText, isLength(0, 255, 'Hostname must be less than 256 characters'))
    .nullable('body', 'mpsusername', isText, isLength(0, 64))
    .nullable(
      'body',
      'dnsSuffix',
      isLength(0, 255, 'dnsSuffix must be less than 256 characters'),
      matches(SUFFIX, 'dnsSuffix must be a valid DNS suffix'),
    )
    .optional('body', 'tags', fulfils(areTexts, TAGS))
    .nullable('body', 'deviceInfo', fulfils(isObject, 'deviceInfo should be an object if provided'))
  addressChecks(fields)
  passwordChecks(fields)
}

/** What a checked body changes; members it does not name stay. */
export function changeOf(body: Context['body'], present?: Device): DeviceChange {
  const text = (name: string): string | undefined => {
    const value = body[name]
    return typeof value === 'string' ? value : undefined
  }
  const hostname = text('hostname')
  const mpsUsername = text('mpsusername')
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(mpsUsername === undefined ? {} : { mpsUsername }),
    ...(Array.isArray(body.tags) ? { tags: body.tags.map(String) } : {}),
    ...('friendlyName' in body ? { friendlyName: text('friendlyName') } : {}),
    ...('dnsSuffix' in body ? { dnsSuffix: text('dnsSuffix') } : {}),
    // Checked to be an object, and JSON it is: it came as one.
    ...(body.deviceInfo === undefined ? {} : { deviceInfo: (body.deviceInfo ?? undefined) as DeviceInfo | undefined }),
    ...addressChange(body, present),
  }
}
