// SPDX-License-Identifier: Apache-2.0
/** Bodies of MPS's failures. */
import { Problem } from '../../../../plugins/contract/index.ts'
import { ToolkitAnswer } from '../toolkit/toolkit.ts'

const NOT_CONNECTED = 'Device not found/connected. Please connect again using CIRA.'
const TITLES: Readonly<Record<number, string>> = {
  400: 'Incorrect URI or Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  408: 'Timeout Error',
  500: 'Internal Server Error',
}

/** `{ error, errorDescription }`, the error being MPS's text for the status. */
export function refusal(status: number, errorDescription: string, more: object = {}): ToolkitAnswer {
  return new ToolkitAnswer(status, { error: TITLES[status] ?? errorDescription, errorDescription, ...more })
}

export function notConnected(guid: string): ToolkitAnswer {
  return new ToolkitAnswer(404, { error: NOT_CONNECTED, errorDescription: `guid : ${guid}` })
}

export function deviceMissing(guid: string): ToolkitAnswer {
  return new ToolkitAnswer(404, { error: 'NOT FOUND', message: `Device ID ${guid} not found` })
}

export type Failed = {
  /** As the client wrote it. */
  readonly guid: string
  /** MPS's text for what went wrong in this route. */
  readonly exception: string
}

/** What the device or the way to it did wrong. */
const DEVICE_FAILURES: readonly string[] = [
  'amt-fault',
  'amt-unexpected',
  'amt-unauthorized',
  'amt-timeout',
  'amt-channel-refused',
  'amt-untrusted',
  'internal',
]

/** A failure in MPS's words, with our stable code and what exactly happened beside them. */
export function failureAnswer(thrown: unknown, { guid, exception }: Failed): ToolkitAnswer | undefined {
  if (thrown instanceof ToolkitAnswer || !(thrown instanceof Problem)) return undefined
  const { code, detail, title, status, fields } = thrown
  if (code === 'amt-not-connected') return notConnected(guid)
  if (code === 'device-unknown') return deviceMissing(guid)
  const message = detail === undefined ? title : `${title}: ${detail}`
  if (DEVICE_FAILURES.includes(code)) return refusal(500, exception, { message, code })
  if (!code.startsWith('amt-')) return undefined
  const more = { message, code, ...(Object.keys(fields).length === 0 ? {} : { fields }) }
  return new ToolkitAnswer(status, { error: TITLES[status] ?? title, errorDescription: detail ?? title, ...more })
}
