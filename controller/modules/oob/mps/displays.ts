// SPDX-License-Identifier: Apache-2.0
/** Displays KVM can show. */
import type { Http } from '../../../http/http.ts'
import { chooseDisplay, readDisplays } from '../device/displays.ts'
import { isInteger } from './fields.ts'
import { instanceJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { declare } from './route.ts'

export function displayRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/kvm/displays/:guid',
    access: 'host.read',
    summary: 'List the displays of a machine',
    exception: 'Exception during get KVM display setting data',
    device: async ({ wsman, options }) => ({ body: { displays: await readDisplays(wsman, options) } }),
  })
  for (const path of ['/amt/kvm/displays/:guid', '/amt/screen/:guid']) {
    declare(http, parts, {
      method: 'PUT',
      path,
      access: 'host.change',
      summary: 'Choose the display KVM shows',
      exception: 'Exception during set KVM display setting data',
      act: 'display',
      check: fields => void fields.check('body', 'displayIndex', isInteger(0, 3)),
      device: async ({ wsman, body, options }) => {
        const displayIndex = Number(body.displayIndex)
        const { content } = await chooseDisplay(wsman, displayIndex, options)
        return { body: { IPS_KVMRedirectionSettingData: instanceJson(content) }, note: { displayIndex } }
      },
    })
  }
}
