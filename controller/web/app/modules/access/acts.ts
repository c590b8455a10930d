// SPDX-License-Identifier: Apache-2.0
/** What is done to people, roles, bindings and sessions. */
import { type AnyAct, defineAct, type Given, quoted, reasonFlag } from '../../acts/act.ts'
import { call } from '../../api/call.ts'
import { type Place, placeFlags } from '../../kit/rights.ts'

const query = ({ reason }: Given) => (reason === undefined ? {} : { reason })

type NewPerson = { readonly name: string; readonly role?: string | undefined; readonly project?: string | undefined }

export const addPerson = defineAct<NewPerson>({
  name: 'person.add',
  riskClass: 2,
  permission: 'access.write',
  inOrder: true,
  cli: ({ name, role, project, ...given }) => {
    const where = project === undefined ? ' --everywhere' : ` -p ${quoted(project)}`
    const what = role === undefined ? '' : ` --role ${quoted(role)}${where}`
    return `muster person create ${quoted(name)}${what}${reasonFlag(given)}`
  },
  calls: ({ name, role, project, ...given }) => [
    call('POST', '/v1/access/people', {
      query: query(given),
      body: {
        name,
        ...(role === undefined ? {} : { role }),
        ...(role === undefined || project === undefined ? {} : { project }),
      },
    }),
    call('POST', '/v1/access/people/{person}/invite', { path: { person: name } }),
  ],
  example: { name: 'bert', role: 'operator', project: 'plant', reason: 'new on line 4' },
})

type OfPerson = { readonly person: string }

export const invitePerson = defineAct<OfPerson>({
  name: 'person.invite',
  riskClass: 1,
  permission: 'access.write',
  cli: ({ person }) => `muster person invite ${quoted(person)}`,
  calls: ({ person }) => [call('POST', '/v1/access/people/{person}/invite', { path: { person } })],
  example: { person: 'bert' },
})

export const disablePerson = defineAct<OfPerson>({
  name: 'person.disable',
  riskClass: 2,
  permission: 'access.write',
  cli: ({ person, ...given }) => `muster person disable ${quoted(person)}${reasonFlag(given)}`,
  calls: ({ person, ...given }) => [
    call('POST', '/v1/access/people/{person}/disable', { path: { person }, query: query(given) }),
  ],
  example: { person: 'bert', reason: 'on leave' },
})

export const enablePerson = defineAct<OfPerson>({
  name: 'person.enable',
  riskClass: 2,
  permission: 'access.write',
  cli: ({ person, ...given }) => `muster person enable ${quoted(person)}${reasonFlag(given)}`,
  calls: ({ person, ...given }) => [
    call('POST', '/v1/access/people/{person}/enable', { path: { person }, query: query(given) }),
  ],
  example: { person: 'bert', reason: 'back again' },
})

export const removePerson = defineAct<OfPerson>({
  name: 'person.remove',
  riskClass: 4,
  permission: 'access.write',
  cli: ({ person, ...given }) => `muster person rm ${quoted(person)}${reasonFlag(given)} -y`,
  calls: ({ person, ...given }) => [
    call('DELETE', '/v1/access/people/{person}', { path: { person }, query: query(given) }),
  ],
  example: { person: 'bert', reason: 'left the company' },
})

export const dropFactor = defineAct<OfPerson>({
  name: 'person.drop-factor',
  riskClass: 3,
  permission: 'access.write',
  cli: ({ person, ...given }) => `muster person totp ${quoted(person)} --reset${reasonFlag(given)} -y`,
  calls: ({ person, ...given }) => [
    call('DELETE', '/v1/access/people/{person}/totp', { path: { person }, query: query(given) }),
  ],
  example: { person: 'bert', reason: 'lost the phone' },
})

export const endSessions = defineAct<{ readonly ids: readonly string[] }>({
  name: 'session.end',
  riskClass: 2,
  permission: undefined,
  cli: ({ ids, ...given }) => ids.map(id => `muster session revoke ${quoted(id)}${reasonFlag(given)} -y`).join('\n'),
  calls: ({ ids, ...given }) =>
    ids.map(session => call('DELETE', '/v1/access/sessions/{session}', { path: { session }, query: query(given) })),
  example: { ids: ['01JD2Z9B3Q8V5K7M4N6P0R2S4Z'], reason: 'a lost laptop' },
})

type NewRole = { readonly name: string; readonly about: string; readonly permissions: readonly string[] }

export const createRole = defineAct<NewRole>({
  name: 'role.create',
  riskClass: 2,
  permission: 'access.write',
  cli: ({ name, about, permissions, ...given }) =>
    `muster role create ${quoted(name)}${permissions.map(each => ` --permission ${quoted(each)}`).join('')}${
      about === '' ? '' : ` --about ${quoted(about)}`
    }${reasonFlag(given)}`,
  calls: ({ name, about, permissions, ...given }) => [
    call('POST', '/v1/access/roles', {
      query: query(given),
      // Names that the controller listed itself; it refuses any other.
      body: { name, permissions: permissions as never, ...(about === '' ? {} : { description: about }) },
    }),
  ],
  example: {
    name: 'doorman',
    about: 'lets machines in',
    permissions: ['host.read', 'host.admit'],
    reason: 'night shift',
  },
})

export const removeRole = defineAct<{ readonly name: string }>({
  name: 'role.remove',
  riskClass: 2,
  permission: 'access.write',
  cli: ({ name, ...given }) => `muster role rm ${quoted(name)}${reasonFlag(given)} -y`,
  calls: ({ name, ...given }) => [
    call('DELETE', '/v1/access/roles/{role}', { path: { role: name }, query: query(given) }),
  ],
  example: { name: 'doorman' },
})

export type NewBinding = {
  readonly who: string
  readonly isGroup: boolean
  readonly role: string
  readonly effect: 'allow' | 'deny'
  readonly place: Place
}

export const bindRole = defineAct<NewBinding>({
  name: 'role.bind',
  riskClass: 2,
  permission: 'access.write',
  cli: ({ who, isGroup, role, effect, place, ...given }) =>
    `muster role bind ${quoted(who)} ${quoted(role)}${isGroup ? ' --group' : ''}${effect === 'deny' ? ' --deny' : ''}${placeFlags(place, quoted)}${reasonFlag(given)}`,
  calls: ({ who, isGroup, role, effect, place: { project, sites = [], labels = [] }, ...given }) => [
    call('POST', '/v1/access/bindings', {
      query: query(given),
      body: {
        ...(isGroup ? { group: who } : { principal: who }),
        role,
        effect,
        scope: {
          ...(project === undefined ? {} : { project }),
          ...(sites.length === 0 ? {} : { sites: [...sites] }),
          ...(labels.length === 0 ? {} : { labels: labels.map(({ key, value }) => ({ key, value })) }),
        },
      },
    }),
  ],
  example: {
    who: 'bert',
    isGroup: false,
    role: 'operator',
    effect: 'deny',
    place: { project: 'plant', sites: ['site-0a1b2c3d'], labels: [{ key: 'line', value: '4' }] },
    reason: 'line 4 is under repair',
  },
})

export const unbindRole = defineAct<{ readonly id: string }>({
  name: 'role.unbind',
  riskClass: 2,
  permission: 'access.write',
  cli: ({ id, ...given }) => `muster role unbind ${quoted(id)}${reasonFlag(given)} -y`,
  calls: ({ id, ...given }) => [
    call('DELETE', '/v1/access/bindings/{binding}', { path: { binding: id }, query: query(given) }),
  ],
  example: { id: 'b-0a1b2c3d', reason: 'moved to line 5' },
})

export const acts: readonly AnyAct[] = [
  addPerson,
  invitePerson,
  disablePerson,
  enablePerson,
  removePerson,
  dropFactor,
  endSessions,
  createRole,
  removeRole,
  bindRole,
  unbindRole,
]
