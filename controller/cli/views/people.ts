// SPDX-License-Identifier: Apache-2.0
/** How people, roles, bindings and sessions look in tables. */
import type { View } from '../output.ts'
import { age, remaining } from './command.ts'

export type Person = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly login?: string
  readonly disabled: boolean
  readonly password: boolean
  readonly totp: boolean
  readonly createdAt: string
  readonly signedInAt?: string
}
export type Role = {
  readonly name: string
  readonly description: string
  readonly permissions: readonly string[]
  readonly builtIn: boolean
}
export type Binding = {
  readonly id: string
  readonly principal?: string
  readonly name?: string
  readonly group?: string
  readonly role: string
  readonly effect: string
  readonly scope: {
    readonly project?: string
    readonly sites?: readonly string[]
    readonly labels?: readonly { readonly key: string; readonly value: string }[]
  }
  readonly createdAt: string
  readonly createdBy: string
}
export type LoginSession = {
  readonly id: string
  readonly principal: string
  readonly method: string
  readonly address: string
  readonly agent: string
  readonly createdAt: string
  readonly usedAt: string
  readonly expiresAt: string
}

export const personView: View<Person> = {
  kind: 'Person',
  name: person => person.login ?? person.id,
  columns: [
    { title: 'NAME', cell: person => person.name },
    { title: 'SIGNS IN AS', cell: person => person.login ?? '-' },
    { title: 'STATE', cell: person => (person.disabled ? 'disabled' : person.password ? 'active' : 'no password') },
    { title: 'CODES', cell: person => (person.totp ? 'yes' : '-') },
    { title: 'LAST HERE', cell: (person, now) => age(person.signedInAt, now), right: true },
    { title: 'ID', cell: person => person.id, wide: true },
  ],
}

export const roleView: View<Role> = {
  kind: 'Role',
  name: role => role.name,
  columns: [
    { title: 'ROLE', cell: role => role.name },
    { title: 'KIND', cell: role => (role.builtIn ? 'built in' : 'own') },
    { title: 'MEANS', cell: role => role.description || '-' },
    { title: 'PERMISSIONS', cell: role => role.permissions.join(' '), wide: true },
  ],
}

export const bindingView: View<Binding> = {
  kind: 'Binding',
  name: binding => binding.id,
  empty: 'muster role bind <person> <role>',
  columns: [
    { title: 'ID', cell: binding => binding.id },
    {
      title: 'WHO',
      cell: ({ principal, name, group }) => (group === undefined ? (name ?? principal ?? '-') : `group ${group}`),
    },
    { title: 'ROLE', cell: ({ role, effect }) => (effect === 'deny' ? `not ${role}` : role) },
    { title: 'WHERE', cell: where },
    { title: 'BY', cell: binding => binding.createdBy, wide: true },
    { title: 'AGE', cell: (binding, now) => age(binding.createdAt, now), right: true },
  ],
}

function where({ scope: { project, sites = [], labels = [] } }: Binding): string {
  const parts = [
    project ?? 'everywhere',
    ...sites.map(site => `site ${site}`),
    ...labels.map(({ key, value }) => `${key}=${value}`),
  ]
  return parts.join(', ')
}

export const sessionView: View<LoginSession> = {
  kind: 'Session',
  name: session => session.id,
  columns: [
    { title: 'ID', cell: session => session.id },
    { title: 'WHO', cell: session => session.principal },
    { title: 'BY', cell: session => session.method },
    { title: 'FROM', cell: session => session.address },
    { title: 'LAST USE', cell: (session, now) => age(session.usedAt, now), right: true },
    { title: 'ENDS', cell: (session, now) => remaining(session.expiresAt, now), right: true },
    { title: 'WITH', cell: session => session.agent, wide: true },
  ],
}
