// SPDX-License-Identifier: Apache-2.0
/** What is worth knowing of people: whether they can come in, how well that is guarded, what was given to them. */
import type { Binding, Person } from './queries.ts'

export type State = 'active' | 'waiting' | 'disabled'

/** Somebody with neither password nor a first sign-in has not used their invitation yet. */
export function stateOf({
  disabled,
  password,
  signedInAt,
}: Pick<Person, 'disabled' | 'password' | 'signedInAt'>): State {
  if (disabled) return 'disabled'
  return password || signedInAt !== undefined ? 'active' : 'waiting'
}

export function grantsOf(person: Pick<Person, 'id'>, bindings: readonly Binding[]): readonly Binding[] {
  return bindings.filter(({ principal }) => principal === person.id)
}

/** Whether they may do everything everywhere, by their account or by a role that was given to them. */
export function isAdmin(person: Pick<Person, 'id' | 'role'>, bindings: readonly Binding[]): boolean {
  if (person.role === 'admin') return true
  return grantsOf(person, bindings).some(
    ({ role, effect, scope }) => role === 'admin' && effect === 'allow' && Object.keys(scope).length === 0,
  )
}

/** An administrator whom a password alone lets in. */
export function isWeak(person: Person, bindings: readonly Binding[]): boolean {
  return !person.disabled && person.password && !person.totp && isAdmin(person, bindings)
}

export type Wanted = {
  readonly words: string
  readonly state: string
  readonly factor: string
  readonly role: string
}

/** Those that fit, by name. */
export function fittingPeople(
  people: readonly Person[],
  bindings: readonly Binding[],
  { words, state, factor, role }: Wanted,
): readonly Person[] {
  const needle = words.trim().toLowerCase()
  return people
    .filter(person => {
      if (!`${person.name} ${person.login ?? ''} ${person.id}`.toLowerCase().includes(needle)) return false
      if (state !== '' && stateOf(person) !== state) return false
      if (factor !== '' && person.totp !== (factor === 'on')) return false
      return role === '' || person.role === role || grantsOf(person, bindings).some(each => each.role === role)
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}
