// SPDX-License-Identifier: Apache-2.0
/** `muster oob features`: what is switched on in firmware; `muster oob consent`: asking the person at the machine. */
import type { Call } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll } from '../../oob/bulk.ts'
import { drawFeatures } from '../../oob/firmware-view.ts'
import { guidOf, machinesMeant, oneMachine, spokenMachines } from '../../oob/machines.ts'
import { reasoned } from '../../oob/reason.ts'
import { problem } from '../../problems.ts'

type Json = Readonly<Record<string, unknown>>

const SWITCHES = {
  enableKVM: 'kvm',
  enableSOL: 'sol',
  enableIDER: 'ider',
  ocr: 'ocr',
  enablePlatformErase: 'erase',
} as const
const CONSENTS = ['none', 'kvm', 'all']

export const features: Run = async call => {
  const wanted = wantedOf(call)
  if (Object.keys(wanted).length === 0) return show(call)
  const session = await call.session()
  const { client, project } = session
  const machines = await machinesMeant(call, session, call.words)
  const pathOf = (guid: string): string => oobPaths.device(project, 'amt/features', guid)
  // The interface sets all of them at once, so what was not named stays as it is.
  const bodyOf = async (guid: string): Promise<Json> => ({ ...presentOf(await client.get(pathOf(guid))), ...wanted })
  if (isDryRun(call)) {
    const intents = machines.map(each => ({
      method: 'POST' as const,
      path: pathOf(guidOf(each)),
      body: wanted,
      ...(each.host && { host: each.host }),
    }))
    return showIntents(call, intents)
  }
  confirmCount(call, machines.length)
  await confirm(call, `Change the features of ${spokenMachines(machines)}?`)
  return actOnAll(call, {
    machines,
    act: async machine => {
      const guid = guidOf(machine)
      const body = await bodyOf(guid)
      await client.send('POST', pathOf(guid), body, reasoned(call))
      return { ok: true, says: spokenFeatures(body) }
    },
  })
}

async function show(call: Call): ReturnType<Run> {
  const session = await call.session()
  const [machine, second] = await machinesMeant(call, session, call.words)
  if (machine === undefined || second !== undefined) throw problem('usage', 'features are shown of one host at a time')
  const guid = guidOf(machine)
  const answer: Json = await session.client.get(oobPaths.device(session.project, 'amt/features', guid))
  await call.output.item({ kind: 'FirmwareFeatures', name: () => guid }, answer, drawFeatures)
  return undefined
}

function presentOf(present: Json): Json {
  return {
    userConsent: String(present.userConsent ?? 'kvm').toLowerCase(),
    enableSOL: present.SOL === true,
    enableIDER: present.IDER === true,
    enableKVM: present.KVM === true,
  }
}

function spokenFeatures({ enableKVM, enableSOL, enableIDER, ocr, userConsent }: Json): string {
  const word = (value: unknown): string => (value === true ? 'on' : 'off')
  const parts = [`KVM ${word(enableKVM)}`, `SOL ${word(enableSOL)}`, `IDER ${word(enableIDER)}`]
  if (ocr !== undefined) parts.push(`recovery ${word(ocr)}`)
  return [...parts, `consent ${String(userConsent)}`].join(', ')
}

function wantedOf(call: Call): Json {
  const set = Object.entries(SWITCHES).flatMap(([member, option]) => {
    const text = call.options.text(option)
    if (text === undefined) return []
    if (text !== 'on' && text !== 'off') throw problem('usage', `--${option} takes on or off`)
    return [[member, text === 'on']]
  })
  const consent = call.options.text('consent')
  if (consent !== undefined && !CONSENTS.includes(consent)) throw problem('usage', '--consent takes none, kvm or all')
  return { ...Object.fromEntries(set), ...(consent === undefined ? {} : { userConsent: consent }) }
}

export const consent: Run = async call => {
  const [, act = '', code] = call.words
  if (!['request', 'send', 'cancel'].includes(act))
    throw problem('usage', 'consent takes request, send <code> or cancel')
  if (act === 'send' && (code === undefined || !/^\d{6}$/.test(code)))
    throw problem('usage', 'the code on the screen has six digits')
  if (act !== 'send' && code !== undefined) throw problem('usage', 'only send takes a code')
  const { session, machine, guid } = await oneMachine(call)
  const at = (what: string): string => oobPaths.device(session.project, what, guid)
  const { client } = session
  return actOnAll(call, {
    machines: [machine],
    act: async () => {
      if (act === 'send') await client.send('POST', at('amt/userConsentCode'), { consentCode: code })
      else await client.get(at(act === 'request' ? 'amt/userConsentCode' : 'amt/userConsentCode/cancel'))
      return { ok: true, says: SAID[act] ?? '' }
    },
  }).then(async ended => {
    if (act === 'request') await call.output.note(`try: muster oob consent ${call.words[0]} send <the six digits>`)
    return ended
  })
}

const SAID: Readonly<Record<string, string>> = {
  request: 'a code is on its screen',
  send: 'the code was right: a session may be opened now',
  cancel: 'the code is off its screen',
}
