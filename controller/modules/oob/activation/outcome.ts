// SPDX-License-Identifier: Apache-2.0
/** What the client is told at the end, flat for older clients and by component for newer ones. */
import { COMPONENTS, type ComponentName, type ComponentResult, type Outcome } from './protocol.ts'
import type { Provisioned, RuleFailure } from './provision.ts'
import type { Wanted } from './wanted.ts'

export type Told = { readonly wanted: Wanted; readonly status: string; readonly provisioned: Provisioned }

const CONFIGURED = 'Configured'
const NETWORK = {
  WiredNetwork: 'Wired Network Configured',
  WirelessNetwork: 'Wireless Configured',
  CIRAProxy: 'Proxy Configured',
} as const

export function outcomeOf({ wanted, status, provisioned: { failures } }: Told): Outcome {
  const asked: Readonly<Record<ComponentName, boolean>> = {
    Activation: true,
    WiredNetwork: true,
    WirelessNetwork: wanted.wifi.length > 0 || wanted.localWifiSync || wanted.uefiWifiSync,
    TLS: wanted.tls !== undefined,
    CIRAProxy: wanted.proxies.length > 0,
    CIRAConnection: wanted.cira !== undefined,
  }
  const detailOf = (name: ComponentName): string => {
    const failed = failures.filter(each => each.component === name)
    if (failed.length > 0) return failed.map(sentenceOf).join(', ')
    return name === 'Activation' ? status : name in NETWORK ? NETWORK[name as keyof typeof NETWORK] : CONFIGURED // a key, as just asked
  }
  const components: Partial<Record<ComponentName, ComponentResult>> = {}
  for (const name of COMPONENTS) {
    const failed = failures.some(each => each.component === name)
    if (!asked[name] && !failed) components[name] = { Result: 'NotApplicable' }
    else {
      components[name] = {
        Result: failed ? 'Failure' : 'Success',
        ...(name === 'Activation' ? { Mode: wanted.mode === 'admin' ? ('ACM' as const) : ('CCM' as const) } : {}),
        Details: detailOf(name).replace(/\.$/, ''),
      }
    }
  }
  const network = (['WiredNetwork', 'WirelessNetwork', 'CIRAProxy'] as const)
    .filter(name => components[name]?.Result !== 'NotApplicable')
    .map(detailOf)
  return {
    Status: status,
    Network: `${network.join('. ')}`,
    ...(components.CIRAConnection?.Result === 'NotApplicable' ? {} : { CIRAConnection: detailOf('CIRAConnection') }),
    ...(components.TLS?.Result === 'NotApplicable' ? {} : { TLSConfiguration: detailOf('TLS') }),
    Components: components,
  }
}

/** Before or during activation itself. */
export function failureOf(message: string): Outcome {
  return { Status: message, Components: { Activation: { Result: 'Failure', Details: message.replace(/\.$/, '') } } }
}

function sentenceOf({ step, why }: RuleFailure): string {
  return `Failed to ${step.replaceAll('-', ' ')}: ${why}`
}
