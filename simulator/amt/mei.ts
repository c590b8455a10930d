// SPDX-License-Identifier: Apache-2.0
/** The engine as the driver on its host shows it. */
import { skuCode } from './classes/general.ts'
import { unprovision } from './classes/setup.ts'
import type { Firmware } from './firmware.ts'
import type { AmtState } from './state.ts'
import { STATUS } from './status.ts'

/** What the host's driver tells and does. */
export interface Mei {
  readonly uuid: string
  readonly version: string
  readonly build: string
  /** 16392 for AMT, 16400 for standard manageability. */
  readonly skuCode: number
  readonly tlsEnforced: boolean
  controlMode(): 0 | 1 | 2
  /** 0 before, 1 during, 2 after provisioning. */
  provisioningState(): 0 | 1 | 2
  localSystemAccount(): { readonly username: string; readonly password: string }
  certificateHashes(): readonly CertificateHash[]
  dnsSuffix(): string
  ras(): AmtState['ras']
  /** Client control only; the status. */
  unprovision(): number
  stopConfiguration(): number
}

export type CertificateHash = {
  readonly name: string
  /** Lower-case hexadecimal. */
  readonly hash: string
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA384'
  readonly isActive: boolean
  readonly isDefault: boolean
}

const ALGORITHMS = { 40: 'SHA1', 64: 'SHA256', 96: 'SHA384' } as const

/** Makes it for one machine; `roots` are the digests of the provisioning roots, as they were given. */
export function createMei(firmware: Firmware, roots: readonly string[]): Mei {
  const { model, state } = firmware
  return {
    uuid: model.uuid,
    version: model.version,
    build: model.build,
    skuCode: skuCode(model.sku),
    tlsEnforced: model.tlsEnforced,
    controlMode: () => state.controlMode,
    provisioningState: () => (state.controlMode === 0 ? 0 : 2),
    localSystemAccount: () => ({ username: '$$OsAdmin', password: state.osAdminPassword }),
    certificateHashes: () =>
      roots.map((text, index) => {
        const hash = text.replaceAll(':', '').toLowerCase()
        const algorithm = hash.length === 40 ? ALGORITHMS[40] : hash.length === 96 ? ALGORITHMS[96] : ALGORITHMS[64]
        return { name: `Provisioning Root ${index}`, hash, algorithm, isActive: true, isDefault: true }
      }),
    dnsSuffix: () => model.dnsSuffix,
    ras: () => ({ ...state.ras }),
    unprovision() {
      if (state.controlMode === 0) return STATUS.invalidState
      if (state.controlMode === 2) return STATUS.notPermitted
      unprovision(firmware)()
      return STATUS.success
    },
    stopConfiguration: () => (state.controlMode === 0 ? STATUS.success : STATUS.invalidState),
  }
}
