// SPDX-License-Identifier: Apache-2.0
/** `set host --session-type kvm|sol`: the turns that EIM's command line and the controller take until the viewer may connect. */
import { until } from './controller.ts'
import { type EimCli, type EimProject, must } from './eim-cli.ts'
import { getHost, setHost } from './eim-cli-hosts.ts'

type Words = Readonly<Record<'desired' | 'current' | 'consented' | 'redirected', string>>

const WORDS: Readonly<Record<'kvm' | 'sol', Words & { readonly prefix: string }>> = {
  kvm: {
    prefix: 'KVM_STATE',
    desired: 'desiredKvmState',
    current: 'currentKvmState',
    consented: 'KVM_CONSENT_RECEIVED',
    redirected: 'KVM_REDIRECTION_RECEIVED',
  },
  sol: {
    prefix: 'SOL_STATE',
    desired: 'desiredSolState',
    current: 'currentSolState',
    consented: 'SOL_STATE_CONSENT_RECEIVED',
    redirected: 'SOL_STATE_REDIRECTION_RECEIVED',
  },
}

export type SessionAsked = {
  readonly type: 'kvm' | 'sol'
  /** Below the project: `/dm` of today's command line, `/oob` of the one before. */
  readonly mps: string
  /** Reads the code from the screen. */
  readonly code: () => Promise<string>
}

/** Starts a session; answers the token for the relay, with which the viewer connects. */
export async function startSession(at: EimProject, id: string, { type, mps, code }: SessionAsked): Promise<string> {
  const words = WORDS[type]
  const host = await getHost(at, id)
  await setHost(at, id, { [words.desired]: `${words.prefix}_START` })
  const guid = must(host.uuid, 'uuid')
  const becomes = (state: string) =>
    until(
      () => getHost(at, id),
      each => {
        if (each[words.current] === `${words.prefix}_ERROR`) throw new Error(`${type} session error`)
        return each[words.current] === `${words.prefix}_${state}`
      },
      20_000,
    )
  const isAdmin = must(host.amtControlMode, 'amtControlMode') === 'AMT_CONTROL_MODE_ACM'
  if (!isAdmin) {
    await becomes('AWAITING_CONSENT')
    const entered = Number(await code())
    await at.send('POST', `${mps}/amt/userConsentCode/${guid}`, { body: { consentCode: entered } })
    await at.send('PATCH', `/compute/hosts/${id}`, { body: { name: host.name, [words.desired]: words.consented } })
  }
  const { token } = await at.send('GET', `${mps}/authorize/redirection/${guid}`)
  // In admin control mode it has kept no name to send.
  const name = isAdmin ? '' : host.name
  await at.send('PATCH', `/compute/hosts/${id}`, { body: { name, [words.desired]: words.redirected } })
  await becomes('START')
  return must(token, 'token')
}

/** How the viewer knocks at the relay: the token as subprotocol, and the access token in a cookie that EIM's gateway wants. */
export async function relayOf(
  cli: EimCli,
  { token, guid, mode }: { token: string; guid: string; mode: 'kvm' | 'sol' },
) {
  return {
    path: `/relay/webrelay.ashx?p=2&host=${guid}&port=16994&tls=0&tls1only=0&mode=${mode}`,
    protocol: token,
    headers: { cookie: `jwt=${await cli.accessToken()}` },
  }
}
