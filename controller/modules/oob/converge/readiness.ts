// SPDX-License-Identifier: Apache-2.0
/** What it takes until a host can be managed out of band, line by line, with the reason for each that is missing. Pure. */

export const CHECKS = ['capable', 'rpc', 'profile', 'domain', 'password', 'activated', 'connected'] as const
export type Check = (typeof CHECKS)[number]

/** `open` comes about by activation; `unneeded` holds for this host without it. */
export type CheckState = 'met' | 'unmet' | 'open' | 'unneeded'
export type CheckLine = { readonly check: Check; readonly state: CheckState; readonly says: string }

export type ReadinessFacts = {
  /** `undefined` while no agent of the host has reported on its firmware. */
  readonly detected:
    | { readonly sku: string; readonly why: string; readonly version: string | undefined; readonly mode: string }
    | undefined
  readonly chosen:
    | { readonly profile: string; readonly controlMode: 'acm' | 'ccm'; readonly why: string }
    | { why: string }
  readonly domain: { readonly name: string; readonly suffix: string; readonly expires: string } | undefined
  readonly suffix: string | undefined
  readonly wantedMode: 'acm' | 'ccm' | undefined
  readonly hasPassword: boolean
  /** What became of the last order, if it failed. */
  readonly failed: string | undefined
  readonly tunnel: { readonly since: string; readonly address: string } | undefined
  readonly lastTunnel: { readonly at: string; readonly why: string | undefined } | undefined
  readonly endpoint: string
  readonly now: number
}

export function readinessOf(facts: ReadinessFacts): readonly CheckLine[] {
  return [
    capable(facts),
    rpc(facts),
    profile(facts),
    domain(facts),
    password(facts),
    activated(facts),
    connected(facts),
  ]
}

function line(check: Check, state: CheckState, says: string): CheckLine {
  return { check, state, says }
}

function capable({ detected }: ReadinessFacts): CheckLine {
  if (detected === undefined) return line('capable', 'unmet', 'no agent of this host has reported on its firmware')
  const { sku, why } = detected
  return line('capable', sku === 'amt' || sku === 'ism' ? 'met' : 'unmet', why)
}

const NO_RPC = /rpc (is not installed|could not be run|needs root|did not answer)/

function rpc({ detected }: ReadinessFacts): CheckLine {
  if (detected === undefined) return line('rpc', 'unmet', 'the agent has not run it yet')
  if (NO_RPC.test(detected.why)) return line('rpc', 'unmet', detected.why)
  return line('rpc', 'met', 'rpc runs on the host and reads its firmware')
}

function profile({ chosen }: ReadinessFacts): CheckLine {
  if (!('profile' in chosen)) return line('profile', 'unmet', chosen.why)
  return line('profile', 'met', `${chosen.profile}: ${chosen.why}`)
}

function domain({ chosen, domain: found, suffix, wantedMode, now }: ReadinessFacts): CheckLine {
  const mode = wantedMode ?? ('profile' in chosen ? chosen.controlMode : 'ccm')
  if (mode === 'ccm') return line('domain', 'unneeded', 'client control mode needs no provisioning certificate')
  if (found === undefined)
    return line(
      'domain',
      'unmet',
      suffix === undefined || suffix === ''
        ? 'the device has no DNS suffix'
        : `no domain has a certificate for ${suffix}`,
    )
  const expires = Date.parse(found.expires)
  if (expires <= now) return line('domain', 'unmet', `the certificate of ${found.name} expired on ${found.expires}`)
  return line('domain', 'met', `${found.name} has a certificate for ${found.suffix}, good until ${found.expires}`)
}

function isActivated({ detected }: ReadinessFacts): boolean {
  return detected?.mode === 'acm' || detected?.mode === 'ccm'
}

function password(facts: ReadinessFacts): CheckLine {
  if (facts.hasPassword) return line('password', 'met', 'the password of the firmware is kept sealed')
  if (!isActivated(facts)) return line('password', 'open', 'made and sealed when the host is activated')
  return line('password', 'unmet', 'it was activated elsewhere, and the controller does not know its password')
}

function activated(facts: ReadinessFacts): CheckLine {
  const { detected, failed } = facts
  if (isActivated(facts))
    return line('activated', 'met', `in ${detected?.mode === 'acm' ? 'admin' : 'client'} control mode`)
  return failed === undefined ? line('activated', 'open', 'not activated yet') : line('activated', 'unmet', failed)
}

function connected(facts: ReadinessFacts): CheckLine {
  const { tunnel, lastTunnel, endpoint } = facts
  if (tunnel !== undefined) return line('connected', 'met', `from ${tunnel.address}`)
  if (!isActivated(facts)) return line('connected', 'open', `its firmware dials ${endpoint} once it is activated`)
  if (lastTunnel === undefined)
    return line('connected', 'unmet', `its firmware never dialled in: it must reach ${endpoint}`)
  const why = lastTunnel.why === undefined ? '' : ` (${lastTunnel.why})`
  return line('connected', 'unmet', `its tunnel ended at ${lastTunnel.at}${why}; it must reach ${endpoint}`)
}
