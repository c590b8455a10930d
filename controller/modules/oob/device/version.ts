// SPDX-License-Identifier: Apache-2.0
/** Firmware of a device: versions of its parts, SKU and control mode. */
import { type CallOptions, type Instance, numberOf, type Reply, textOf, type Wsman } from '../wsman/wsman.ts'

export type Versions = {
  /** CIM_SoftwareIdentity, one for each part. */
  readonly parts: readonly Instance[]
  readonly setup: Reply
}

export async function readVersions(wsman: Wsman, options?: CallOptions): Promise<Versions> {
  const { instances } = await wsman.list('CIM_SoftwareIdentity', options)
  return { parts: instances, setup: await wsman.get('AMT_SetupAndConfigurationService', options) }
}

/** The version of one part: `AMT`, `Sku`, `Build Number`, … */
export function versionOf({ parts }: Pick<Versions, 'parts'>, part: string): string {
  const found = parts.find(each => textOf(each.InstanceID) === part)
  return textOf(found?.VersionString)
}

/** 11 for 11.8.50; 0 when the firmware does not say. */
export function majorVersion(versions: Pick<Versions, 'parts'>): number {
  return Number.parseInt(versionOf(versions, 'AMT'), 10) || 0
}

/** `admin` and `client` control mode; `undefined` for anything else. */
export function controlModeOf(setup: Instance): 'admin' | 'client' | undefined {
  const mode = numberOf(setup.ProvisioningMode)
  if (mode === 1) return 'admin'
  return mode === 4 ? 'client' : undefined
}
