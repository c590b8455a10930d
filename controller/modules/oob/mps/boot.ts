// SPDX-License-Identifier: Apache-2.0
/** Booting in a special way, and erasing a machine for good. */

import { Problem } from '../../../../plugins/contract/index.ts'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { type BootDetails, bootOnce, SECURE_BOOT_IN_CCM } from '../device/boot.ts'
import { readBootSources } from '../device/boot-sources.ts'
import { allowErase, type Erase, eraseMask, erasePlatform } from '../device/erase.ts'
import { readBootCapabilities } from '../device/power.ts'
import { BOOT_CODES, OS_CODES } from '../device/power-codes.ts'
import { confirmations } from './confirm.ts'
import { type Fields, flagIn, fulfils, isFlag, isLength, isOneOf, isText } from './fields.ts'
import { instanceJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { outputAnswer, powerAnswer } from './power.ts'
import { type DeviceContext, declare } from './route.ts'
import { refusal } from './texts.ts'

const EXCEPTION = 'Exception during Boot Setting request'
const SECURE_ERASE = 104

export function bootRoutes(http: Http, parts: MpsParts): void {
  const confirm = confirmations(parts.kernel)
  declare(http, parts, {
    method: 'GET',
    path: '/amt/power/bootSources/:guid',
    access: 'host.read',
    summary: 'List what a device can boot from',
    exception: 'Failed to get boot source settings',
    device: async ({ wsman, options }) => ({
      body: (await readBootSources(wsman, options)).map(each => ({
        biosBootString: each.biosBootString,
        bootString: each.bootString,
        elementName: each.elementName,
        failThroughSupported: each.failThroughSupported,
        instanceID: each.instanceId,
        structuredBiosBootString: each.structuredBootString,
      })),
    }),
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/power/bootOptions/:guid',
    access: 'host.access',
    summary: 'Boot once in another way: 100 to 401',
    exception: EXCEPTION,
    act: 'boot',
    check: bootChecks,
    device: async context => {
      const { wsman, body, reach, options, request } = context
      const code = Number(body.action)
      if (OS_CODES.includes(code))
        return powerAnswer(wsman, { code, guid: reach.guid, redirections: parts.redirections, options })
      if (code === SECURE_ERASE) {
        requirePermission(callerOf(request), 'host.destroy')
        confirm(context, 'secure erase')
      }
      const useSol = flagIn(body.useSOL) === true
      const details = detailsOf(body.bootDetails)
      const act = { code, useSol, details, erasePassword: details.password, options }
      return outputAnswer(await secureBootRefused(() => bootOnce(wsman, act)), { action: code, useSOL: String(useSol) })
    },
  })
  eraseRoutes(http, parts, confirm)
}

/** MPS has a text of its own for this one. */
async function secureBootRefused<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.detail === SECURE_BOOT_IN_CCM) throw refusal(400, SECURE_BOOT_IN_CCM)
    throw thrown
  }
}

function bootChecks(fields: Fields): void {
  const isUrl = (value: unknown): boolean =>
    typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)
  fields
    .check('body', 'action', isOneOf([...BOOT_CODES, ...OS_CODES]))
    .optional('body', 'useSOL', isFlag)
    .optional('body', 'bootDetails.url', fulfils(isUrl))
    .optional('body', 'bootDetails.username', isText, isLength(0, 16))
    .secret('body', 'bootDetails.password', isText, isLength(0, 32))
    .optional('body', 'bootDetails.bootPath', isText, isLength(0, 300))
    .optional('body', 'bootDetails.enforceSecureBoot', isFlag)
}

function detailsOf(given: unknown): BootDetails {
  const { url, username, password, bootPath, enforceSecureBoot } = (given ?? {}) as Record<string, unknown> // checked member for member
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return {
    url: text(url),
    username: text(username),
    password: text(password),
    bootPath: text(bootPath),
    enforceSecureBoot: flagIn(enforceSecureBoot),
  }
}

function eraseRoutes(http: Http, parts: MpsParts, confirm: ReturnType<typeof confirmations>): void {
  for (const path of ['/amt/boot/capabilities/:guid', '/amt/boot/remoteErase/:guid']) {
    declare(http, parts, {
      method: 'GET',
      path,
      access: 'host.read',
      summary: 'Tell what a device can do at boot',
      exception: 'Exception during Power Capabilities request',
      device: async ({ wsman, options }) => ({ body: instanceJson(await readBootCapabilities(wsman, options)) }),
    })
  }
  declare(http, parts, {
    method: 'POST',
    path: '/amt/boot/rpe/:guid',
    access: 'host.destroy',
    summary: 'Allow or forbid Remote Platform Erase',
    exception: 'Exception during AMT Features Set request',
    act: 'erase.allowed',
    check: fields => void fields.check('body', 'enabled', isFlag),
    device: async ({ wsman, body, options }) => {
      const enabled = flagIn(body.enabled) === true
      await allowErase(wsman, enabled, options)
      return { body: { status: 'success' }, note: { enabled } }
    },
  })
  for (const path of ['/amt/boot/remoteErase/:guid', '/amt/rpe/:guid']) {
    declare(http, parts, {
      method: 'POST',
      path,
      access: 'host.destroy',
      summary: 'Erase a machine for good; must be confirmed',
      exception: 'Exception during AMT Features Set request',
      act: 'erase',
      check: eraseChecks,
      device: async context => {
        const erase = eraseOf(context)
        confirm(context, `platform erase ${eraseMask(erase)}`)
        const { ssdPassword } = context.body
        const diskPassword = typeof ssdPassword === 'string' ? ssdPassword : undefined
        const output = await erasePlatform(context.wsman, { erase, diskPassword, options: context.options })
        const { note } = outputAnswer(output, { mask: eraseMask(erase) })
        if (output.returnValue !== 0) throw refusal(400, 'Remote Platform Erase was not started')
        return { body: { status: 'success' }, ...(note === undefined ? {} : { note }) }
      },
    })
  }
}

const ERASABLE = ['secureEraseAllSSDs', 'tpmClear', 'restoreBIOSToEOM', 'unconfigureCSME'] as const

function eraseChecks(fields: Fields, { body }: { readonly body: Readonly<Record<string, unknown>> }): void {
  const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
  for (const name of ERASABLE) fields.optional('body', name, fulfils(isBoolean, `${name} must be a boolean`))
  const any = ERASABLE.some(name => body[name] === true)
  fields.check(
    'body',
    '',
    fulfils(() => any, 'At least one erase option must be enabled'),
  )
  const isShort = (value: unknown): boolean => typeof value === 'string' && Buffer.byteLength(value) <= 64
  fields.secret('body', 'ssdPassword', fulfils(isShort, 'SSD password must not exceed 64 bytes'))
}

function eraseOf({ body }: DeviceContext): Erase {
  return {
    disks: body.secureEraseAllSSDs === true,
    tpm: body.tpmClear === true,
    bios: body.restoreBIOSToEOM === true,
    firmware: body.unconfigureCSME === true,
  }
}
