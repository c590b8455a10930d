// SPDX-License-Identifier: Apache-2.0
/** Decides what is to be done next, from what is wanted and what was observed. Pure. */
import type { PartName, Parts } from './observed.ts'
import { certificateStrays, ciraStrays, planCira, planTls, tlsStrays } from './plan-access.ts'
import {
  planClock,
  planFeatures,
  planGeneral,
  planProxies,
  planWifi,
  planWired,
  proxyStrays,
  wifiStrays,
  wiredStrays,
} from './plan-settings.ts'
import type { ComponentName } from './protocol.ts'
import type { Step } from './step.ts'
import type { Wanted } from './wanted.ts'

/** What the controller knows beside what firmware shows. */
export type Known = {
  /** The profile names another password than the one in force. */
  readonly passwordDiffers: boolean
  /** The password of the setup screen is kept but was not confirmed by the firmware. */
  readonly mebxPending: boolean
  /** Of the tunnel: `kept`, or never set by us, or another one than the CIRA configuration names. */
  readonly ciraPassword: 'kept' | 'missing' | 'differs'
  /** TLS settings may have been written without being committed. */
  readonly uncommitted: boolean
  /** Its ports speak nothing but TLS, so that TLS is not to be switched off. */
  readonly tlsEnforced: boolean
  /** Base64 DER of the root that signs the devices' TLS certificates. */
  readonly tlsRoot: string
}

export type Rule = {
  readonly name: string
  /** Under which its failure is reported to the client. */
  readonly component: ComponentName | undefined
  readonly needs: readonly PartName[]
  /** A failed step does not stop the others of the rule. */
  readonly goesOn: boolean
  plan(wanted: Wanted, parts: Partial<Parts>, known: Known): readonly Step[]
}

type Draft<N extends PartName> = {
  readonly component?: ComponentName
  readonly needs: readonly N[]
  readonly goesOn?: boolean
  readonly plan: (wanted: Wanted, parts: Pick<Parts, N>, known: Known) => readonly Step[]
}

function rule<N extends PartName>(name: string, { component, needs, goesOn = false, plan }: Draft<N>): Rule {
  return {
    name,
    component,
    needs,
    goesOn,
    plan: (wanted, parts, known) => plan(wanted, parts as Pick<Parts, N>, known), // whoever calls has read `needs`
  }
}

/** In the order in which they are met: passwords, what must go, what must be there, and last the way in. */
export const RULES: readonly Rule[] = [
  rule('password', { component: 'Activation', needs: [], plan: planPasswords }),
  rule('wired strays', { component: 'WiredNetwork', needs: ['wired8021x'], plan: wiredStrays }),
  rule('proxy strays', { component: 'CIRAProxy', needs: ['proxies'], plan: proxyStrays, goesOn: true }),
  rule('wifi strays', { component: 'WirelessNetwork', needs: ['wifi'], plan: wifiStrays, goesOn: true }),
  rule('access strays', { component: 'CIRAConnection', needs: ['cira'], plan: ciraStrays }),
  rule('tls strays', { component: 'TLS', needs: ['tls', 'store'], plan: tlsStrays }),
  rule('certificate strays', { needs: ['store', 'tls'], plan: certificateStrays, goesOn: true }),
  rule('general', { component: 'WiredNetwork', needs: ['general'], plan: planGeneral }),
  rule('wired', { component: 'WiredNetwork', needs: ['ports', 'wired8021x'], plan: planWired }),
  rule('wifi', { component: 'WirelessNetwork', needs: ['ports', 'wifi'], plan: planWifi, goesOn: true }),
  rule('proxies', { component: 'CIRAProxy', needs: ['proxies'], plan: planProxies, goesOn: true }),
  rule('features', { needs: ['features'], plan: planFeatures }),
  rule('clock', { needs: ['clock'], plan: planClock }),
  rule('tls', { component: 'TLS', needs: ['tls', 'store'], plan: planTls }),
  rule('cira', { component: 'CIRAConnection', needs: ['cira', 'store'], plan: planCira }),
]

/** All that is to be done, as far as it can be seen now; the first step decides, the rest is for showing. */
export function plan(wanted: Wanted, parts: Parts, known: Known): readonly Step[] {
  return RULES.flatMap(each => each.plan(wanted, parts, known))
}

function planPasswords({ mode }: Wanted, _: unknown, known: Known): readonly Step[] {
  const steps: Step[] = []
  if (known.passwordDiffers) steps.push({ do: 'set-password', why: 'the profile names another password' })
  if (mode === 'admin' && known.mebxPending) {
    steps.push({ do: 'set-mebx-password', why: 'the password of the setup screen is not set' })
  }
  return steps
}
