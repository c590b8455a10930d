// SPDX-License-Identifier: Apache-2.0
/** The catalogue of events: what each type means and what its data look like. */
import { type TSchema, Type } from 'typebox'

/** One type of event. */
export type EventKind = {
  /** `<what>.<happened>`, unique in the product. */
  readonly type: string
  /** One sentence: when it is recorded. */
  readonly title: string
  /** What `subject` names: `host`, `command`, the kind of a resource. */
  readonly subject: string
  /** Schema of `data`; readers ignore members they do not know. */
  readonly data: TSchema
}

const Text = Type.String()
const Maybe = Type.Optional(Type.String())
const who = { by: Type.String({ description: 'Name of the person or service that did it' }) }
const why = { reason: Type.Optional(Type.String({ description: 'The reason they gave' })) }
const act = { host: Text, section: Text, name: Text }

const host = (happened: string, title: string, data: Parameters<typeof Type.Object>[0] = {}): EventKind => ({
  type: `host.${happened}`,
  title,
  subject: 'host',
  data: Type.Object(data),
})

const command = (happened: string, title: string, data: Parameters<typeof Type.Object>[0]): EventKind => ({
  type: `command.${happened}`,
  title,
  subject: 'command',
  data: Type.Object({ ...act, ...data }),
})

/** The three events of a kind of resource: made, changed, gone. Data are the resource's name and who did it, where known. */
export function resourceEvents(kind: string, spoken: string): readonly EventKind[] {
  const members = Type.Optional(Type.Array(Type.String(), { description: 'Members that were given' }))
  const data = Type.Object({ name: Maybe, by: Maybe, members })
  return [
    { type: `${kind}.created`, title: `${spoken} was made`, subject: kind, data },
    { type: `${kind}.changed`, title: `${spoken} was changed`, subject: kind, data },
    { type: `${kind}.deleted`, title: `${spoken} was removed`, subject: kind, data },
  ]
}

const HOST_EVENTS: readonly EventKind[] = [
  host('registered', 'A host was registered before its machine came', { name: Maybe, by: Maybe }),
  host('approved', 'A registered host may come in once its machine shows itself', { by: Maybe }),
  host('enrolled', 'A machine was admitted and has its certificate', {
    how: Text,
    address: Text,
    name: Text,
    simulated: Type.Boolean(),
    reclaimed: Type.Boolean({ description: 'It took the place of a host that was there before' }),
  }),
  host('online', 'The session of a host began', { address: Maybe, agent: Text, bootId: Text }),
  host('offline', 'The session of a host ended; one that broke is told when the host is not back in five seconds', {
    reason: Type.String({ description: 'lost, stopped, rebooting, or why the controller ended it' }),
  }),
  host('changed', 'Name, labels, note, site or state of a host changed', { by: Maybe }),
  host('revoked', 'A host is refused from now on', { ...who, ...why }),
  host('deleting', 'A host was cut off and goes once nothing holds it any more', { by: Maybe, waitingOn: Text }),
  host('deleted', 'A host was retired and what it reported is forgotten', { by: Maybe }),
  host('quarantined', 'A host may no longer act', { why: Type.Union([Text, Type.Null()]) }),
  host('released', 'A quarantined host may act again', { ...who, ...why }),
  host('refused', 'A machine with a certificate of a host was not let in', { why: Maybe }),
]

const WORK_EVENTS: readonly EventKind[] = [
  command('created', 'A command was queued', { state: Text, by: Text, reason: Maybe }),
  command('sent', 'A command left for its host', {}),
  command('finished', 'A command has its outcome', {
    state: Type.String({ description: 'succeeded, failed, refused, expired or cancelled' }),
    at: Maybe,
    by: Maybe,
  }),
  {
    type: 'document.desired',
    title: 'A section of a host shall become something else',
    subject: 'host',
    data: Type.Object({ section: Text, revision: Type.Integer(), by: Maybe }),
  },
  {
    type: 'document.reported',
    title: 'A host reported on a section',
    subject: 'host',
    data: Type.Object({ section: Text, status: Text, revision: Type.Integer() }),
  },
]

const SYSTEM_EVENTS: readonly EventKind[] = [
  {
    type: 'system.started',
    title: 'The controller started',
    subject: 'installation',
    data: Type.Object({ version: Text, epoch: Type.Integer() }),
  },
  { type: 'system.backup', title: 'A backup was written', subject: 'installation', data: Type.Object({ by: Maybe }) },
  {
    type: 'system.restored',
    title: 'The controller came up on a restored database',
    subject: 'installation',
    data: Type.Object({ epoch: Type.Optional(Type.Integer()) }),
  },
  {
    type: 'system.notice',
    title: 'Something asks for the attention of who runs the installation',
    subject: 'part',
    data: Type.Object({ code: Text, title: Text, project: Maybe, next: Maybe }),
  },
]

/** What the kernel itself records. */
export const KERNEL_EVENTS: readonly EventKind[] = [...HOST_EVENTS, ...WORK_EVENTS, ...SYSTEM_EVENTS]

/** Every type that this controller may record, by name. */
export type EventTypes = ReadonlyMap<string, EventKind>

/** Joins catalogues; throws when two name one type. */
export function joinEventTypes(...catalogues: readonly (readonly EventKind[])[]): EventTypes {
  const all = new Map<string, EventKind>()
  for (const kind of catalogues.flat()) {
    if (all.has(kind.type)) throw new TypeError(`two describe the event ${kind.type}`)
    all.set(kind.type, kind)
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether an event type is the one asked for, or begins with its words: `host` fits `host.online`, not `hosts.x`. */
export function fitsType(type: string, asked: string): boolean {
  return type === asked || type.startsWith(`${asked}.`)
}
