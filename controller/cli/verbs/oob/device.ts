// SPDX-License-Identifier: Apache-2.0
/** `muster oob boot`, `features`, `consent`, `logs`, `hardware`, `password`: one machine, answered by its firmware. */
import type { Host } from '../../api.ts'
import type { Call, Session } from '../../call.ts'
import { confirm } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { findHost, spoken } from '../../hosts.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { guidOf, oobPaths } from '../../oob/api.ts'
import { problem } from '../../problems.ts'

type Json = Readonly<Record<string, unknown>>

async function opened(call: Call): Promise<{ readonly session: Session; readonly host: Host; readonly guid: string }> {
  const session = await call.session()
  const host = await findHost(session, call.words[0] ?? '')
  return { session, host, guid: guidOf(host) }
}

/** Shows what firmware answered: as YAML for a person, as it is for a program. */
async function show(call: Call, kind: string, item: unknown): Promise<undefined> {
  await call.output.item({ kind, name: () => kind }, item, async each => {
    const { writeYaml } = await import('../../render/yaml.ts')
    return writeYaml(each)
  })
  return undefined
}

type Change = {
  readonly method: 'POST' | 'PUT'
  readonly what: string
  readonly body?: Json
  readonly question?: string
  readonly kind: string
}

async function change(call: Call, { method, what, body, question, kind }: Change): ReturnType<Run> {
  const { session, host, guid } = await opened(call)
  const path = oobPaths.device(session.project, what, guid)
  if (isDryRun(call)) return showIntents(call, [{ method, path, body, host }])
  if (question !== undefined) await confirm(call, `${question} ${spoken(host)}?`)
  return show(call, kind, await session.client.send(method, path, body))
}

/** Codes of the toolkit for a boot, on a machine that is off and on one that is on. */
const TARGETS: Readonly<Record<string, { readonly up: number; readonly reset: number }>> = {
  bios: { up: 100, reset: 101 },
  pxe: { up: 401, reset: 400 },
  floppy: { up: 201, reset: 200 },
  cd: { up: 203, reset: 202 },
  diagnostic: { up: 300, reset: 301 },
  https: { up: 106, reset: 105 },
  pba: { up: 108, reset: 107 },
  winre: { up: 110, reset: 109 },
}

export const boot: Run = async call => {
  const target = call.words[1] ?? ''
  const codes = Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined
  if (codes === undefined) throw problem('usage', `boot takes ${Object.keys(TARGETS).join(', ')}`)
  const url = call.options.text('url')
  if ((target === 'https') !== (url !== undefined)) throw problem('usage', '--url goes with https, and https needs it')
  const details = {
    ...(url === undefined ? {} : { url, enforceSecureBoot: !call.options.has('no-secure-boot') }),
    ...textOf(call, 'bootPath', 'path'),
  }
  const body = {
    action: call.options.has('up') ? codes.up : codes.reset,
    useSOL: call.options.has('sol'),
    ...(Object.keys(details).length === 0 ? {} : { bootDetails: details }),
  }
  const question = `Boot to ${target} once, now:`
  return change(call, { method: 'POST', what: 'amt/power/bootOptions', body, question, kind: 'BootOptions' })
}

export const features: Run = async call => {
  const wanted = switches(call)
  if (Object.keys(wanted).length === 0) {
    const { session, guid } = await opened(call)
    return show(call, 'Features', await session.client.get(oobPaths.device(session.project, 'amt/features', guid)))
  }
  const { session, host, guid } = await opened(call)
  const path = oobPaths.device(session.project, 'amt/features', guid)
  // The interface sets all of them at once, so what was not named stays as it is.
  const present: Json = await session.client.get(path)
  const body = { ...presentFeatures(present), ...wanted }
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body, host }])
  await confirm(call, `Change the features of ${spoken(host)}?`)
  return show(call, 'Features', await session.client.send('POST', path, body))
}

function presentFeatures(present: Json): Json {
  return {
    userConsent: String(present.userConsent ?? 'kvm').toLowerCase(),
    enableSOL: present.SOL === true,
    enableIDER: present.IDER === true,
    enableKVM: present.KVM === true,
    ...(present.OCR === undefined ? {} : { ocr: present.OCR === true }),
  }
}

function switches(call: Call): Json {
  const flags = { enableKVM: 'kvm', enableSOL: 'sol', enableIDER: 'ider', ocr: 'ocr' }
  const set = Object.entries(flags).flatMap(([member, option]) => {
    const text = call.options.text(option)
    if (text === undefined) return []
    if (text !== 'on' && text !== 'off') throw problem('usage', `--${option} takes on or off`)
    return [[member, text === 'on']]
  })
  const consent = call.options.text('consent')
  if (consent !== undefined && !['none', 'kvm', 'all'].includes(consent))
    throw problem('usage', '--consent takes none, kvm or all')
  return { ...Object.fromEntries(set), ...(consent === undefined ? {} : { userConsent: consent }) }
}

export const consent: Run = async call => {
  const [, verb, code] = call.words
  const { session, guid } = await opened(call)
  const at = (what: string): string => oobPaths.device(session.project, what, guid)
  if (verb === 'request') return show(call, 'Consent', await session.client.get(at('amt/userConsentCode')))
  if (verb === 'cancel') return show(call, 'Consent', await session.client.get(at('amt/userConsentCode/cancel')))
  if (verb !== 'send') throw problem('usage', 'consent takes request, send <code> or cancel')
  if (code === undefined || !/^\d{6}$/.test(code)) throw problem('usage', 'the code on the screen has six digits')
  return show(call, 'Consent', await session.client.send('POST', at('amt/userConsentCode'), { consentCode: code }))
}

export const logs: Run = async call => {
  const { session, guid } = await opened(call)
  const audit = call.options.has('audit')
  const path = oobPaths.device(session.project, audit ? 'amt/log/audit' : 'amt/log/event', guid)
  const startIndex = call.options.count('start')
  const query = audit && startIndex !== undefined ? { startIndex } : {}
  return show(call, audit ? 'AuditLog' : 'EventLog', await session.client.get(path, { query }))
}

export const hardware: Run = async call => {
  const { session, guid } = await opened(call)
  return show(call, 'Hardware', await session.client.get(oobPaths.device(session.project, 'amt/hardwareInfo', guid)))
}

export const password: Run = async call => {
  const which = call.options.has('mebx') ? 'mebx' : 'admin'
  if (!call.options.has('rotate'))
    throw problem('usage', 'password takes --rotate: passwords are made here and not shown')
  return change(call, {
    method: 'POST',
    what: 'amt/password',
    body: { which, ...textOf(call, 'reason', 'reason') },
    question: `Give the firmware a new ${which === 'admin' ? 'administrator' : 'MEBx'} password on`,
    kind: 'Password',
  })
}

function textOf(call: Call, member: string, option: string): Json {
  const text = call.options.text(option)
  return text === undefined ? {} : { [member]: text }
}
