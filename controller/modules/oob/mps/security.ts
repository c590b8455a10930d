// SPDX-License-Identifier: Apache-2.0
/** What only the trusted may: passwords, TLS, the clock, taking a device out of management. */
import type { Http } from '../../../http/http.ts'
import { Secret } from '../../../secrets/secrets.ts'
import { unprovision } from '../device/deactivate.ts'
import { changeMebxPassword, changePassword, isAmtPassword } from '../device/password.ts'
import { synchroniseTime } from '../device/time.ts'
import { readTls } from '../device/tls.ts'
import { newPassword } from '../devices/secrets.ts'
import { statusName } from '../wsman/status.ts'
import { type Fields, fulfils } from './fields.ts'
import type { MpsParts } from './parts.ts'
import { outputAnswer } from './power.ts'
import { type Context, declare } from './route.ts'

export function securityRoutes(http: Http, parts: MpsParts): void {
  passwordRoutes(http, parts)
  declare(http, parts, {
    method: 'GET',
    path: '/amt/tls/:guid',
    access: 'host.read',
    summary: 'Read the TLS settings of a device',
    exception: 'Exception during AMT TLS request',
    device: async ({ wsman, options }) => ({
      body: (await readTls(wsman, options)).map(each => ({
        elementName: each.elementName,
        instanceID: each.instanceId,
        mutualAuthentication: each.mutual,
        enabled: each.enabled,
        trustedCN: each.trustedCn === '' ? [] : [each.trustedCn],
        acceptNonSecureConnections: each.acceptsPlain,
        nonSecureConnectionsSupported: each.plainSupported ?? null,
      })),
    }),
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/time/:guid',
    access: 'host.change',
    summary: "Set the firmware's clock by ours",
    exception: 'Exception during time synchronization',
    act: 'time',
    device: async ({ wsman, options }) => {
      const { offS } = await synchroniseTime(wsman, parts.kernel.clock, options)
      return { body: { status: 'SUCCESS', offsetSeconds: offS }, note: { offS } }
    },
  })
  deactivateRoute(http, parts)
}

function deactivateRoute(http: Http, parts: MpsParts): void {
  const { kernel, devices, reaches, tunnels } = parts
  declare(http, parts, {
    method: 'DELETE',
    path: '/amt/deactivate/:guid',
    access: 'host.destroy',
    summary: 'Take a device out of management: unprovision it, forget it and its secrets',
    exception: 'Exception during unprovision request',
    act: 'deactivated',
    device: async ({ wsman, options, project, reach }) => {
      const output = await unprovision(wsman, options)
      if (output.returnValue !== 0) {
        const { note } = outputAnswer(output)
        const body = { ReturnValue: output.returnValue, ReturnValueStr: statusName(output.returnValue) }
        return { body, ...(note === undefined ? {} : { note }) }
      }
      await kernel.store.change(async tx => {
        await parts.released?.(tx, project, reach.guid)
        await devices.remove(tx, project, reach.guid, { secrets: true })
      })
      reaches.forget(reach.guid)
      tunnels.find(reach.guid)?.close('operator', 'deactivated')
      return { body: { status: 'SUCCESS' }, note: { status: 'SUCCESS' } }
    },
  })
}

const WEAK = 'password must have 8 to 32 characters, with an upper case letter, a lower case letter, a digit and a sign'

function passwordChecks(fields: Fields): void {
  const isStrong = (value: unknown): boolean => typeof value === 'string' && isAmtPassword(Secret.of(value))
  fields.secret('body', 'password', fulfils(isStrong, WEAK))
}

/** The given password, or a new random one that nobody is told. */
function wantedPassword({ kernel }: MpsParts, { body }: Context): Secret {
  return typeof body.password === 'string' ? Secret.of(body.password) : newPassword(kernel.random)
}

function passwordRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'POST',
    path: '/amt/password/:guid',
    access: 'host.access',
    summary: 'Change the password of the firmware: to a given one, or to a random one',
    exception: 'Exception during AMT Password change',
    act: 'password',
    check: passwordChecks,
    device: async context => {
      const { project, reach, options } = context
      const password = wantedPassword(parts, context)
      await changePassword(parts, { project, guid: reach.guid, password, options })
      return { body: { status: 'SUCCESS' }, note: { random: context.body.password === undefined } }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/mebxPassword/:guid',
    access: 'host.access',
    summary: 'Change the password of the setup screen: to a given one, or to a random one',
    exception: 'Exception during MEBx Password change',
    act: 'mebx-password',
    check: passwordChecks,
    device: async context => {
      const { project, reach, wsman, options } = context
      const password = wantedPassword(parts, context)
      await changeMebxPassword(parts, { project, guid: reach.guid, password, options, wsman })
      return { body: { status: 'SUCCESS' }, note: { random: context.body.password === undefined } }
    },
  })
}
