// SPDX-License-Identifier: Apache-2.0
/** Configurations of 802.1x, of the wired interface or of wireless profiles. */
import { allErrors, Field, flag, type Given, text, versionField } from './checks.ts'
import type { CheckContext, Kind } from './kind.ts'
import type { Ieee8021xConfig } from './records.ts'

const LABELS: ReadonlyMap<number, string> = new Map([
  [0, 'EAP-TLS'],
  [3, 'PEAPv1/EAP-GTC'],
  [5, 'EAP-FAST/GTC'],
  [10, 'EAP-FAST/TLS'],
  [2, 'PEAPv0/EAP-MSCHAPv2'],
])
const WIRED = [0, 3, 5, 10, 2]
const WIRELESS = [0, 2]
const DAY_S = 86_400

export const ieee8021xKind: Kind<'ieee8021x'> = {
  kind: 'ieee8021x',
  path: 'ieee8021xconfigs',
  type: '802.1x',
  title: '802.1x configurations',
  access: 'host.change',
  secretKinds: [],
  nameIn: given => text(given.profileName),
  check: async (given, context) => ({ errors: errorsOf(given, context) }),
  write: (given, old) => ({ record: recordOf(given, old), secrets: [] }),
  show: record => ({ ...record }),
  duplicate: name => `802.1x config: ${name} already exists`,
  inUse: (name, by) => ({
    error: 'Error',
    message: by.includes('profile')
      ? `802.1x config: ${name} is associated with an AMT Profile.`
      : `802.1x config: ${name} is associated with a wireless profile.`,
  }),
}

function errorsOf(given: Given, context: CheckContext<'ieee8021x'>) {
  const wired = flag(given.wiredInterface) === true
  const protocols = wired ? WIRED : WIRELESS
  return allErrors([
    new Field(given, 'profileName')
      .required('802.1x profile name is required')
      .matches(/^[a-zA-Z0-9]+$/, '802.1x profile name should be alphanumeric')
      .length({ max: 32 }, '802.1x profile name maximum length is 32'),
    new Field(given, 'wiredInterface')
      .required('Wired interface flag is required')
      .optional()
      .boolean('Wired interface flag must be a boolean'),
    new Field(given, 'authenticationProtocol')
      .required('Authentication protocol is required')
      .custom(value =>
        protocols.includes(protocolOf(value))
          ? undefined
          : `Authentication protocol must be one of ${protocols.map(each => `${each}:${LABELS.get(each)}`).join(', ')}`,
      ),
    new Field(given, 'pxeTimeout').when(wired).required('PXE Timeout is required').custom(timeoutError),
    versionField(given, context),
  ])
}

function timeoutError(value: unknown): string | undefined {
  if (typeof value !== 'number') return 'PXE Timeout must be number'
  return Number.isInteger(value) && value >= 0 && value <= DAY_S ? undefined : 'PXE Timeout value should be 0 - 86400'
}

/** A list of one is taken for the one: the published schema says list, and its example has none. */
function protocolOf(value: unknown): number {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value
  return typeof one === 'number' ? one : Number.NaN
}

function recordOf(given: Given, old: Ieee8021xConfig | undefined): Ieee8021xConfig {
  const { pxeTimeout } = given
  return {
    profileName: old?.profileName ?? text(given.profileName),
    authenticationProtocol: protocolOf(given.authenticationProtocol),
    pxeTimeout: typeof pxeTimeout === 'number' ? pxeTimeout : (old?.pxeTimeout ?? null),
    wiredInterface: flag(given.wiredInterface) ?? false,
  }
}
