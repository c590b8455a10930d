// SPDX-License-Identifier: Apache-2.0
/** Consent of the person at the machine: the firmware shows six digits, and wants to hear them. */
import { type CallOptions, numberOf, type Output, type Wsman } from '../wsman/wsman.ts'
import { members } from './wire.ts'

const SERVICE = 'IPS_OptInService'

/** 0 not started, 1 requested, 2 displayed, 3 received, 4 in session. */
export async function readConsentState(wsman: Wsman, options?: CallOptions): Promise<number> {
  return numberOf((await wsman.get(SERVICE, options)).content.OptInState) ?? 0
}

/** Makes the firmware draw a code on the screen; NOT_READY (2) while one is shown. */
export function requestConsent(wsman: Wsman, options?: CallOptions): Promise<Output> {
  return wsman.invoke(SERVICE, 'StartOptIn', {}, options)
}

/** The code as text: it may begin with zeros, which firmware drops by itself. */
export function sendConsent(wsman: Wsman, code: string, options?: CallOptions): Promise<Output> {
  return wsman.invoke(SERVICE, 'SendOptInCode', members({ OptInCode: code }), options)
}

export function cancelConsent(wsman: Wsman, options?: CallOptions): Promise<Output> {
  return wsman.invoke(SERVICE, 'CancelOptIn', {}, options)
}
