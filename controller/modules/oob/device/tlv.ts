// SPDX-License-Identifier: Apache-2.0
/** Parameters of One Click Recovery, as AMT takes them: little-endian vendor, type, length and value, one after the other. */
import { problem } from '../problems.ts'

const INTEL = 0x8086
/** Types of the parameters that are used here. */
export const PARAMETER = {
  uri: 1,
  filePath: 2,
  filePathLength: 3,
  optionalData: 10,
  syncRootCa: 20,
  certificateName: 21,
  verifyMethod: 22,
  requestTimeout: 30,
  user: 40,
  password: 41,
} as const

/** Longest values, in bytes. */
const LIMIT: Readonly<Record<number, number>> = {
  1: 300,
  2: 300,
  3: 2,
  10: 50,
  20: 1,
  21: 256,
  22: 2,
  30: 2,
  40: 16,
  41: 16,
}

export type Parameter = { readonly type: number; readonly value: Uint8Array }

/** Throws `amt-unsupported` when a value is longer than firmware takes. */
export function textParameter(type: number, text: string): Parameter {
  const value = new TextEncoder().encode(text)
  const limit = LIMIT[type] ?? 0
  if (value.length > limit) throw problem('amt-unsupported', `a boot parameter is longer than ${limit} bytes`, { type })
  return { type, value }
}

export function numberParameter(type: number, value: number): Parameter {
  return { type, value: Uint8Array.of(value & 0xff, (value >> 8) & 0xff) }
}

export function flagParameter(type: number, value: boolean): Parameter {
  return { type, value: Uint8Array.of(value ? 1 : 0) }
}

/** The bytes of UefiBootParametersArray, before base64. */
export function encodeParameters(parameters: readonly Parameter[]): Buffer {
  return Buffer.concat(
    parameters.map(({ type, value }) => {
      const head = Buffer.alloc(8)
      head.writeUInt16LE(INTEL, 0)
      head.writeUInt16LE(type, 2)
      head.writeUInt32LE(value.length, 4)
      return Buffer.concat([head, value])
    }),
  )
}

export type HttpsBoot = {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: string | undefined
}

/** Boot from a server: the address, the roots AMT knows, and what to log in with. */
export function httpsBootParameters({ url, username, password }: HttpsBoot): readonly Parameter[] {
  if (!URL.canParse(url)) throw problem('amt-unsupported', 'the address to boot from is not a URL')
  return [
    textParameter(PARAMETER.uri, url),
    flagParameter(PARAMETER.syncRootCa, true),
    ...(username === undefined || username === '' ? [] : [textParameter(PARAMETER.user, username)]),
    ...(password === undefined || password === '' ? [] : [textParameter(PARAMETER.password, password)]),
  ]
}

/** Boot a loader on the disk: its path, and how long that is. */
export function fileBootParameters(path: string): readonly Parameter[] {
  const file = textParameter(PARAMETER.filePath, path)
  return [file, numberParameter(PARAMETER.filePathLength, file.value.length)]
}
