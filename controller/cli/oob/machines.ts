// SPDX-License-Identifier: Apache-2.0
/** The machines an act is meant for: hosts with an agent, and devices whose firmware is all that is known of them. */
import { Problem } from '../../../plugins/contract/problem.ts'
import { type Host, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { findHost, spoken } from '../hosts.ts'
import { problem } from '../problems.ts'
import { spokenAll, targets } from '../targets.ts'
import { type DeviceLine, oobPaths, type StatusPage } from './api.ts'

export type Machine = {
  readonly name: string
  /** GUID of its firmware, lower case, which is the UUID of the machine; absent until its agent has told it. */
  readonly guid: string | undefined
  /** Absent for a device that no agent speaks for. */
  readonly host: Host | undefined
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function machineOf(host: Host): Machine {
  return { name: host.name || host.resourceId, guid: host.uuid?.toLowerCase(), host }
}

/** The machine a person means: a host as everywhere, else a device by its GUID or name. Throws as `findHost` does. */
export async function findMachine(session: Session, word: string): Promise<Machine> {
  if (GUID.test(word)) {
    const device = await byGuid(session, word.toLowerCase())
    if (device !== undefined) return device
  }
  try {
    return machineOf(await findHost(session, word))
  } catch (thrown) {
    const device = thrown instanceof Problem && thrown.code === 'name-unknown' ? await byName(session, word) : undefined
    if (device === undefined) throw thrown
    return device
  }
}

async function byGuid({ client, project }: Session, guid: string): Promise<Machine | undefined> {
  const { lines }: StatusPage = await client.get(oobPaths.status(project), { query: { guid } })
  const [line] = lines
  if (line === undefined) return undefined
  if (line.host !== undefined) return machineOf(await client.get(paths.host(project, line.host)))
  return { name: line.name, guid, host: undefined }
}

async function byName(session: Session, name: string): Promise<Machine | undefined> {
  const { client, project } = session
  const found: readonly DeviceLine[] = await client.get(oobPaths.devices(project), { query: { hostname: name } })
  const [only, second] = found.filter(each => each.hostname === name)
  return only === undefined || second !== undefined ? undefined : byGuid(session, only.guid)
}

/** The machine that the first word of a call names. */
export async function oneMachine(
  call: Call,
): Promise<{ readonly session: Session; readonly machine: Machine; readonly guid: string }> {
  const session = await call.session()
  const machine = await findMachine(session, call.words[0] ?? '')
  return { session, machine, guid: guidOf(machine) }
}

/** Those that are named, or hosts that fit `-l` and `-q`; never all for want of a name. */
export async function machinesMeant(
  call: Call,
  session: Session,
  words: readonly string[],
): Promise<readonly Machine[]> {
  if (words.length === 0) return (await targets(call, session, words)).map(machineOf)
  if (call.options.list('selector').length > 0 || call.options.text('query') !== undefined)
    throw problem('usage', 'name hosts, or select them with -l or -q; not both')
  const found = new Map<string, Machine>()
  for (const word of words) {
    const machine = await findMachine(session, word)
    found.set(machine.host?.resourceId ?? machine.guid ?? word, machine)
  }
  return [...found.values()]
}

/** Throws `name-unknown` for a host that did not tell its UUID, so that no device is known to be it. */
export function guidOf({ guid, name }: Machine): string {
  if (guid === undefined) throw problem('name-unknown', `${name} has not told its UUID, so no device is known to be it`)
  return guid
}

/** Throws `name-unknown` for a device without an agent, which cannot do what is asked of one. */
export function hostOf({ host, name }: Machine): Host {
  if (host === undefined) throw problem('name-unknown', `no agent speaks for ${name}, and this needs one`)
  return host
}

/** How a machine is spoken of in a question or a line. */
export function spokenMachine({ host, name, guid }: Machine): string {
  return host === undefined ? `${name} (${guid})` : spoken(host)
}

/** How several are spoken of in a question. */
export function spokenMachines(machines: readonly Machine[]): string {
  const [only, second] = machines
  if (only !== undefined && second === undefined && only.host === undefined) return spokenMachine(only)
  const hosts = machines.flatMap(({ host }) => host ?? [])
  return hosts.length === machines.length ? spokenAll(hosts) : `${machines.length} machines`
}
