// SPDX-License-Identifier: Apache-2.0
/** Devices: list, read, register, change, remove, disconnect. */

import type { Http } from '../../../http/http.ts'
import type { Device } from '../devices/devices.ts'
import { devicesWithin } from '../devices/place.ts'
import { namesAddress } from './device-address.ts'
import { type Given, keepPasswords } from './device-passwords.ts'
import { changeOf, deviceChecks, deviceJson, wholeGuid } from './device-rows.ts'
import { type Fields, flagIn, isFlag, isInteger, isLength, isOneOf, isText, isUuid, saying } from './fields.ts'
import type { MpsParts } from './parts.ts'
import { type Answer, type Context, declare } from './route.ts'
import { deviceMissing, notConnected } from './texts.ts'

const USUAL_TOP = 25
const MOST = 10_000

export function deviceRoutes(http: Http, parts: MpsParts): void {
  listRoutes(http, parts)
  rowRoutes(http, parts)
  connectionRoutes(http, parts)
}

function listRoutes(http: Http, parts: MpsParts): void {
  const { devices, kernel } = parts
  declare(http, parts, {
    method: 'GET',
    path: '/devices',
    access: 'host.read',
    narrows: true,
    summary: 'List all known devices',
    exception: 'Exception during Device Get All request',
    check: fields => listChecks(fields),
    answer: async context => {
      const { devices: found, total } = await devices.list(kernel.store, context.project, {
        ...filterOf(context.query),
        within: within(context),
      })
      const data = found.map(deviceJson)
      return { body: flagIn(context.query.$count) === true ? { data, totalCount: total } : data }
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/devices/stats',
    access: 'host.read',
    narrows: true,
    summary: 'Count devices by connection status',
    exception: 'Exception during Device Get Stats request',
    answer: async context => {
      const { total, connected } = await devices.counts(kernel.store, context.project, within(context))
      return { body: { totalCount: total, connectedCount: connected, disconnectedCount: total - connected } }
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/devices/tags',
    access: 'host.read',
    narrows: true,
    summary: 'List all tags',
    exception: 'Exception during Device Get Tags request',
    answer: async context => ({ body: await devices.tags(kernel.store, context.project, within(context)) }),
  })
}

function within({ request }: Context) {
  return devicesWithin(request, 'oob_devices.guid')
}

function listChecks(fields: Fields): void {
  fields
    .optional('query', '$top', isInteger(0, MOST, 'The number of items to return should be a positive integer'))
    .optional(
      'query',
      '$skip',
      isInteger(
        0,
        Number.MAX_SAFE_INTEGER,
        'The number of items to skip before starting to collect the result set should be a positive integer',
      ),
    )
    .optional('query', '$count', saying(isFlag, 'To return total number of records in result set should be boolean'))
    .optional('query', 'tags', isText)
    .optional('query', 'hostname', isLength(0, 256), isText)
    .optional('query', 'friendlyName', isLength(0, 256), isText)
    .optional('query', 'status', isOneOf([0, 1]))
    .optional('query', 'method', isOneOf(['AND', 'OR']))
}

function filterOf(query: Context['query']): Parameters<MpsParts['devices']['list']>[2] {
  const { $top, $skip, tags, method, hostname, friendlyName, status } = query
  const wanted =
    typeof tags === 'string'
      ? tags
          .split(',')
          .map(tag => tag.trim())
          .filter(tag => tag !== '')
      : []
  return {
    limit: $top === undefined ? USUAL_TOP : Number($top),
    offset: $skip === undefined ? 0 : Number($skip),
    ...(wanted.length === 0 ? {} : { tags: wanted, allTags: method === 'AND' }),
    ...(typeof hostname === 'string' ? { hostname } : {}),
    ...(typeof friendlyName === 'string' ? { friendlyName } : {}),
    ...(status === undefined ? {} : { connected: String(status) === '1' }),
  }
}

function rowRoutes(http: Http, parts: MpsParts): void {
  const { devices, kernel, reaches } = parts
  declare(http, parts, {
    method: 'GET',
    path: '/devices/:guid',
    access: 'host.read',
    summary: 'Read a device',
    exception: 'Exception during Device Get request',
    check: fields => void fields.check('params', 'guid', isUuid),
    answer: async ({ project, guid, query }) => {
      const body = deviceJson(await knownDevice(parts, project, guid))
      // Whoever names another tenant gets neither the device nor a complaint.
      const isOther = query.tenantId !== undefined && query.tenantId !== body.tenantId
      return isOther ? { status: 204 } : { body }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: '/devices',
    access: 'host.change',
    summary: 'Register a device, or change one that is registered',
    exception: 'Device update/insert failed',
    act: 'device',
    check: deviceChecks,
    answer: async ({ project, body }) => {
      const guid = wholeGuid(body.guid)
      const { device, created, passwords } = await putDevice(parts, { project, guid, body })
      return { status: created ? 201 : 200, body: deviceJson(device), note: { guid, created, passwords } }
    },
  })
  declare(http, parts, {
    method: 'PATCH',
    path: '/devices',
    access: 'host.change',
    summary: 'Change a device',
    exception: 'Device update failed',
    act: 'device',
    check: deviceChecks,
    answer: async ({ project, body }) => {
      const guid = wholeGuid(body.guid)
      await knownDevice(parts, project, String(body.guid))
      const { device, passwords } = await putDevice(parts, { project, guid, body })
      return { body: deviceJson(device), note: { guid, created: false, passwords } }
    },
  })
  declare(http, parts, {
    method: 'DELETE',
    path: '/devices/:guid',
    access: 'host.destroy',
    summary: 'Remove a device, and its secrets when asked to',
    exception: 'Device delete failed',
    act: 'device.removed',
    check: fields => void fields.check('params', 'guid', isUuid).optional('query', 'isSecretToBeDeleted', isFlag),
    answer: async ({ project, guid: text, query }) => {
      const { guid } = await knownDevice(parts, project, text)
      const secrets = flagIn(query.isSecretToBeDeleted) === true
      await kernel.store.change(tx => devices.remove(tx, project, guid, { secrets }))
      reaches.forget(guid)
      return { status: 204, note: { secrets } }
    },
  })
}

async function putDevice(parts: MpsParts, given: Given) {
  const { kernel, devices, reaches } = parts
  const done = await kernel.store.change(async tx => {
    const present = await devices.find(tx, given.project, given.guid)
    return {
      ...(await devices.put(tx, given.project, given.guid, changeOf(given.body, present))),
      passwords: [...(await keepPasswords(parts, tx, given))],
    }
  })
  if (done.passwords.length > 0 || namesAddress(given.body)) reaches.forget(given.guid)
  return done
}

async function knownDevice({ devices, kernel }: MpsParts, project: string, text: string): Promise<Device> {
  const device = await devices.find(kernel.store, project, wholeGuid(text))
  if (device === undefined) throw deviceMissing(text)
  return device
}

function connectionRoutes(http: Http, parts: MpsParts): void {
  const { redirections, reaches } = parts
  const check = (fields: Fields): void => void fields.check('params', 'guid', isUuid)
  declare(http, parts, {
    method: 'GET',
    path: '/devices/redirectStatus/:guid',
    access: 'host.read',
    summary: 'Tell which redirection sessions a device has',
    exception: 'Exception during Device Get request',
    check,
    answer: async context => {
      const guid = connectedGuid(parts, context)
      const modes = new Set(redirections.of(guid).map(each => each.mode))
      const body = {
        isKVMConnected: modes.has('kvm'),
        isSOLConnected: modes.has('sol'),
        isIDERConnected: modes.has('ider'),
      }
      return { body }
    },
  })
  declare(http, parts, {
    method: 'DELETE',
    path: '/devices/disconnect/:guid',
    access: 'host.operate',
    summary: 'End the tunnel of a device; it may dial in again',
    exception: 'Exception during Device Disconnect',
    act: 'disconnect',
    check,
    answer: async context => {
      const guid = connectedGuid(parts, context)
      parts.tunnels.find(guid)?.close('operator', 'disconnected by request')
      return okay('CIRA connection disconnected', context.guid)
    },
  })
  declare(http, parts, {
    method: 'DELETE',
    path: '/devices/refresh/:guid',
    access: 'host.operate',
    summary: 'Forget what is remembered of a device, so that a new password is used',
    exception: 'Exception during Device Refresh',
    act: 'refresh',
    check,
    answer: async context => {
      const guid = wholeGuid(context.guid)
      const device = await parts.devices.find(parts.kernel.store, context.project, guid)
      if (device?.address === undefined) connectedGuid(parts, context)
      reaches.forget(guid)
      return okay('Device info refreshed', context.guid)
    },
  })
}

function okay(what: string, guid: string): Answer {
  return { body: { success: 200, description: `${what} : ${guid}` } }
}

/** Throws MPS's 404 unless the device has a tunnel and belongs to the project. */
function connectedGuid({ tunnels }: MpsParts, { project, guid: text }: Context): string {
  const guid = wholeGuid(text)
  const tunnel = tunnels.find(guid)
  if (tunnel === undefined || tunnel.project !== project) throw notConnected(text)
  return guid
}
