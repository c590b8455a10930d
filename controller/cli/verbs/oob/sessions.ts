// SPDX-License-Identifier: Apache-2.0
/** `muster oob kvm`, `ider`, `session`: sessions with the firmware of machines that others look at or that run by themselves. */
import { Problem } from '../../../../plugins/contract/problem.ts'
import type { Call } from '../../call.ts'
import { confirm } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { grantFor } from '../../oob/grant.ts'
import { oneMachine, spokenMachine } from '../../oob/machines.ts'
import { type Image, imageView, type Redirection, redirectionView, type Serving, servingView } from '../../oob/view.ts'
import { problem } from '../../problems.ts'
import { drawFacts } from '../../render/table.ts'

export const kvm: Run = async call => {
  const { session, machine, guid } = await oneMachine(call)
  const { client, project } = session
  const features: Features = await client.get(oobPaths.device(project, 'amt/features', guid))
  if (features.kvmAvailable === false) throw problem('no-kvm', machine.name)
  const path = oobPaths.device(project, 'authorize/redirection', guid)
  const { token } =
    (await grantFor(call, session, { guid, mode: 'kvm' })) ??
    (await client.get<{ token: string }>(path, { query: { mode: 'kvm' } }))
  const controller = client.url.replace(/^http/, 'ws')
  const relay = `${controller}/relay/webrelay.ashx?p=2&host=${guid}&port=16994&tls=0&tls1only=0&mode=kvm`
  const item = { url: relay, token }
  await call.output.item({ kind: 'KvmSession', name: () => relay }, item, each =>
    drawFacts([
      ['relay', each.url],
      ['token', each.token],
    ]),
  )
  for (const hint of hintsOf(features, call.words[0] ?? '')) await call.output.note(hint)
  return undefined
}

type Features = {
  readonly kvmAvailable?: boolean
  readonly KVM?: boolean
  readonly userConsent?: string
  readonly optInState?: number
}

/** States in which somebody at the machine has consented (IPS_OptInService.OptInState). */
const CONSENTED = [3, 4]

function hintsOf({ KVM, userConsent, optInState = 0 }: Features, host: string): readonly string[] {
  const consented = userConsent === 'none' || CONSENTED.includes(optInState)
  return [
    'for any viewer of the Device Management Toolkit; the token is its sub-protocol, good for minutes',
    ...(KVM === true ? [] : [`KVM is off: muster oob features ${host} --kvm on`]),
    ...(consented ? [] : [`somebody at the machine must consent first: muster oob consent ${host} request`]),
  ]
}

export const ider: Run = async call => {
  if (call.options.has('list')) return listImages(call)
  if (call.options.has('stop')) return stopServing(call)
  const image = call.options.text('image')
  return image === undefined ? listServings(call) : serve(call, image)
}

async function listImages(call: Call): ReturnType<Run> {
  const { client, project } = await call.session()
  const { images }: { images: readonly Image[] } = await client.get(oobPaths.images(project))
  await call.output.list(imageView, images)
  return undefined
}

async function listServings(call: Call): ReturnType<Run> {
  const { session, guid } = await oneMachine(call)
  const { servings }: { servings: readonly Serving[] } = await session.client.get(oobPaths.servings(session.project))
  await call.output.list(
    servingView,
    servings.filter(({ device }) => device === guid),
  )
  return undefined
}

const STARTS = ['now', 'graceful', 'reboot']
const DRIVES = ['cd', 'floppy']

async function serve(call: Call, image: string): ReturnType<Run> {
  const start = call.options.text('start') ?? 'now'
  const drive = call.options.text('drive')
  if (!STARTS.includes(start)) throw problem('usage', '--start takes now, graceful or reboot')
  if (drive !== undefined && !DRIVES.includes(drive)) throw problem('usage', '--drive takes cd or floppy')
  const { session, machine, guid } = await oneMachine(call)
  const { client, project } = session
  const path = oobPaths.servings(project)
  const body = { device: guid, image, start, ...(drive === undefined ? {} : { drive }) }
  if (isDryRun(call)) {
    const { host } = machine
    return showIntents(call, [{ method: 'POST', path, body, ...(host && { host }) }])
  }
  await confirm(call, `Give ${spokenMachine(machine)} the drive ${image}?`)
  const serving: Serving = await client.send('POST', path, body)
  await call.output.list(servingView, [serving])
  await call.output.note(`to start from it: muster oob boot ${call.words[0]} ${serving.drive}`)
  return undefined
}

async function stopServing(call: Call): ReturnType<Run> {
  const { session, machine, guid } = await oneMachine(call)
  const { client, project } = session
  const { servings }: { servings: readonly Serving[] } = await client.get(oobPaths.servings(project))
  const serving = servings.find(({ device, state }) => device === guid && state === 'serving')
  if (serving === undefined) throw problem('name-unknown', `${machine.name} has no drive of ours`)
  const path = oobPaths.serving(project, serving.id)
  const { host } = machine
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path, ...(host && { host }) }])
  await client.send('DELETE', path).catch(gone)
  await call.output.note(`the drive ${serving.image} of ${spokenMachine(machine)} is taken away`)
  return undefined
}

/** It ended by itself just now. */
function gone(thrown: unknown): void {
  if (!(thrown instanceof Problem) || thrown.code !== 'redirection-unknown') throw thrown
}

export const listing: Run = async call => {
  const { client, project } = await call.session()
  const { redirections }: { redirections: readonly Redirection[] } = await client.get(oobPaths.redirections(project))
  await call.output.list(redirectionView, redirections)
  return undefined
}

export const ending: Run = async call => {
  const { client, project } = await call.session()
  const id = call.words[0] ?? ''
  const path = oobPaths.redirection(project, id)
  if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
  await confirm(call, `End the session ${id}?`)
  await client.send('DELETE', path)
  await call.output.note(`session ${id} has ended`)
  return undefined
}
