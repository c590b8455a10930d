// SPDX-License-Identifier: Apache-2.0
/** What a machine can be made to boot from. */
import { problem } from '../problems.ts'
import { type CallOptions, numberOf, textOf, type Wsman } from '../wsman/wsman.ts'

export const SOURCE = {
  pxe: 'Intel(r) AMT: Force PXE Boot',
  cd: 'Intel(r) AMT: Force CD/DVD Boot',
  disk: 'Intel(r) AMT: Force Hard-drive Boot',
  https: 'Intel(r) AMT: Force OCR UEFI HTTPS Boot',
  /** Followed by a number. */
  option: 'Intel(r) AMT: Force OCR UEFI Boot Option',
} as const

export type BootSource = {
  readonly instanceId: string
  readonly elementName: string
  readonly bootString: string
  readonly biosBootString: string
  readonly structuredBootString: string
  readonly failThroughSupported: number
}

export async function readBootSources(wsman: Wsman, options?: CallOptions): Promise<readonly BootSource[]> {
  const { instances } = await wsman.list('CIM_BootSourceSetting', options)
  return instances.map(each => ({
    instanceId: textOf(each.InstanceID),
    elementName: textOf(each.ElementName),
    bootString: textOf(each.BootString),
    biosBootString: textOf(each.BIOSBootString),
    structuredBootString: textOf(each.StructuredBootString),
    failThroughSupported: numberOf(each.FailThroughSupported) ?? 0,
  }))
}

export type Recovery = 'https' | 'winre' | 'pba'

/** The source of a recovery boot: the one whose path is given, or the first of its kind. */
export function recoverySource(sources: readonly BootSource[], kind: Recovery, path?: string): BootSource | undefined {
  if (kind === 'https') return sources.find(each => each.instanceId.startsWith(SOURCE.https))
  const options = sources.filter(each => each.instanceId.startsWith(SOURCE.option))
  if (path !== undefined && path !== '') return options.find(each => each.bootString === path)
  const mark = kind === 'winre' ? 'winre' : 'pba'
  return options.find(each => each.biosBootString.toLowerCase().includes(mark))
}

/** Throws `amt-unsupported` when there is no such source. */
export function needSource(source: BootSource | undefined, what: string): BootSource {
  if (source === undefined) throw problem('amt-unsupported', `it has no boot source for ${what}`)
  return source
}
