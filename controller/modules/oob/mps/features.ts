// SPDX-License-Identifier: Apache-2.0
/** Features of a device, and the consent of the person at it. */
import type { Http } from '../../../http/http.ts'
import { cancelConsent, requestConsent, sendConsent } from '../device/consent.ts'
import { type Consent, changeFeatures, readFeatures } from '../device/features.ts'
import { statusName } from '../wsman/status.ts'
import type { Output } from '../wsman/wsman.ts'
import { flagIn, fulfils, isFlag, isOneOf, isText } from './fields.ts'
import { envelopeJson } from './json.ts'
import type { MpsParts } from './parts.ts'
import { type Answer, declare } from './route.ts'

export function featureRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/features/:guid',
    access: 'host.read',
    summary: 'Read what is switched on: redirection, consent, recovery',
    exception: 'Exception during AMT Features request',
    device: async ({ wsman, options }) => {
      const features = await readFeatures(wsman, options)
      return {
        body: {
          userConsent: features.consent,
          redirection: features.redirection,
          KVM: features.kvm,
          SOL: features.sol,
          IDER: features.ider,
          optInState: features.optInState,
          kvmAvailable: features.kvmAvailable,
          ocr: features.recovery,
          httpsBootSupported: features.httpsBootSupported,
          winREBootSupported: features.winREBootSupported,
          localPBABootSupported: features.localPBABootSupported,
          remoteErase: features.eraseCapabilities !== 0,
          remoteEraseEnabled: features.eraseAllowed,
          remoteEraseSupported: features.eraseCapabilities !== 0,
          platformEraseCaps: features.eraseCapabilities,
        },
      }
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/features/:guid',
    access: 'host.change',
    summary: 'Switch redirection, consent and recovery',
    exception: 'Exception during AMT Features Set request',
    act: 'features',
    check: fields =>
      void fields
        .check('body', 'userConsent', isOneOf(['kvm', 'all', 'none', 'KVM', 'All', 'None']), isText)
        .check('body', 'enableSOL', isFlag)
        .check('body', 'enableIDER', isFlag)
        .check('body', 'enableKVM', isFlag)
        .optional('body', 'ocr', isFlag)
        .optional('body', 'enablePlatformErase', isFlag)
        .optional('body', 'platformEraseEnabled', isFlag),
    device: async ({ wsman, body, options }) => {
      const consent = String(body.userConsent).toLowerCase() as Consent // checked above
      const [sol, ider, kvm] = [body.enableSOL, body.enableIDER, body.enableKVM].map(each => flagIn(each) === true)
      const recovery = flagIn(body.ocr)
      const erase = flagIn(body.enablePlatformErase ?? body.platformEraseEnabled)
      const wanted = { consent, sol: sol === true, ider: ider === true, kvm: kvm === true }
      await changeFeatures(wsman, { ...wanted, recovery, erase }, options)
      return {
        body: { status: 'AMT Features updated' },
        note: { ...wanted, ...(recovery === undefined ? {} : { ocr: recovery }) },
      }
    },
  })
  consentRoutes(http, parts)
}

const SUCCESS = 0
const NOT_READY = 2

/** Six digits; as a number it has lost the zeros it began with. */
function isCode(value: unknown): boolean {
  return (typeof value === 'string' || typeof value === 'number') && /^\d{1,6}$/.test(String(value))
}

function consentRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/amt/userConsentCode/:guid',
    access: 'host.access',
    summary: 'Show a consent code on the screen of the machine',
    exception: 'Exception during User Consent Request',
    act: 'consent',
    device: async ({ wsman, options, reach }) => {
      const output = await requestConsent(wsman, options)
      if (output.returnValue === SUCCESS) parts.consent.shown(reach.guid)
      return consentAnswer('requested', output)
    },
  })
  declare(http, parts, {
    method: 'POST',
    path: '/amt/userConsentCode/:guid',
    access: 'host.access',
    summary: 'Send the code the screen shows',
    exception: 'Exception during User Consent Sent',
    act: 'consent',
    check: fields => void fields.check('body', 'consentCode', fulfils(isCode)),
    device: async ({ wsman, body, options, reach }) => {
      const { consent } = parts
      consent.allow(reach.guid)
      const output = await sendConsent(wsman, String(body.consentCode), options)
      // While no code is shown there is nothing to guess.
      if (output.returnValue !== NOT_READY) consent.tried(reach.guid, output.returnValue === SUCCESS)
      if (consent.exhausted(reach.guid)) await cancelConsent(wsman, options)
      return consentAnswer('sent', output)
    },
  })
  declare(http, parts, {
    method: 'GET',
    path: '/amt/userConsentCode/cancel/:guid',
    access: 'host.access',
    summary: 'Take the consent code off the screen',
    exception: 'Exception during User Consent Cancel',
    act: 'consent',
    device: async ({ wsman, options }) => consentAnswer('cancelled', await cancelConsent(wsman, options)),
  })
}

/** 400 when the firmware did not take it: no code on the screen, a wrong one, or one that is shown already. */
function consentAnswer(step: string, output: Output): Answer {
  const { Header, Body } = envelopeJson(output.envelope, { flat: true, relatesAsText: true })
  const ReturnValueStr = statusName(output.returnValue)
  return {
    status: output.returnValue === 0 ? 200 : 400,
    body: { Header, Body: { ...Body, ReturnValue: output.returnValue, ReturnValueStr } },
    note: { step, status: ReturnValueStr },
  }
}
