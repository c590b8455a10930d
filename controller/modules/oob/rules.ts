// SPDX-License-Identifier: Apache-2.0
/** What a detection means in EIM's words. Pure. */
import { Type } from 'typebox'
import type { AmtObserved } from '../../../plugins/amt/contract.ts'
import type { Json } from '../../../plugins/contract/index.ts'
import type { Facet } from '../../kernel/module.ts'

export const facetProperties = {
  amtSku: Type.Enum(['AMT_SKU_UNSPECIFIED', 'AMT_SKU_AMT', 'AMT_SKU_ISM']),
  amtStatus: Type.String(),
  amtDnsSuffix: Type.String(),
  currentAmtState: Type.Enum(['AMT_STATE_UNSPECIFIED', 'AMT_STATE_PROVISIONED', 'AMT_STATE_UNPROVISIONED']),
  amtControlMode: Type.Enum(['AMT_CONTROL_MODE_UNSPECIFIED', 'AMT_CONTROL_MODE_ACM', 'AMT_CONTROL_MODE_CCM']),
} as const

const SKU = {
  amt: 'AMT_SKU_AMT',
  ism: 'AMT_SKU_ISM',
  none: 'AMT_SKU_UNSPECIFIED',
  unknown: 'AMT_SKU_UNSPECIFIED',
} as const
const MODE = {
  acm: 'AMT_CONTROL_MODE_ACM',
  ccm: 'AMT_CONTROL_MODE_CCM',
  none: 'AMT_CONTROL_MODE_UNSPECIFIED',
  unknown: 'AMT_CONTROL_MODE_UNSPECIFIED',
} as const

/** Members of the host resource; none before the host has reported. */
export const detectedMembers: Facet['of'] = (_, reports) => {
  const observed = reports.get('amt')?.observed
  return observed === undefined || observed === null ? {} : amtMembers(observed as unknown as AmtObserved) // checked when it was taken in
}

function amtMembers({ sku, why, firmware }: AmtObserved): Readonly<Record<string, Json>> {
  const mode = firmware?.controlMode ?? 'unknown'
  const activated = mode === 'acm' || mode === 'ccm'
  const known = sku === 'amt' || sku === 'ism'
  return {
    amtSku: SKU[sku],
    amtStatus: known ? (activated ? 'Provisioned' : 'Unprovisioned') : why,
    amtControlMode: MODE[mode],
    currentAmtState: !known ? 'AMT_STATE_UNSPECIFIED' : activated ? 'AMT_STATE_PROVISIONED' : 'AMT_STATE_UNPROVISIONED',
    ...(firmware?.dnsSuffix === undefined ? {} : { amtDnsSuffix: firmware.dnsSuffix }),
  }
}
