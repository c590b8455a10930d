// SPDX-License-Identifier: Apache-2.0
/** Decisions over grants: a table of cases, and the laws that hold for all of them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decide,
  type HostTraits,
  hostsWithin,
  installationPermissions,
  mayEnter,
  narrowed,
  type Place,
} from '../../../../controller/kernel/access.ts'
import { isWithin } from '../../../../controller/kernel/host-scope.ts'
import {
  type Grant,
  type HostSelector,
  type Permission,
  ROLES,
  type Role,
  type Scope,
} from '../../../../controller/kernel/permissions.ts'

const grant = (effect: Grant['effect'], role: Role, scope: Scope = {}): Grant => ({
  id: `${effect}-${role}`,
  role,
  effect,
  permissions: new Set<Permission>(ROLES[role]),
  scope,
})
const person = (...grants: readonly Grant[]) => ({ role: 'none', permissions: new Set<Permission>(), grants })
const press: HostTraits = { site: 'site-1', labels: [{ key: 'line', value: '4' }] }
const lathe: HostTraits = { site: undefined, labels: [{ key: 'line', value: '5' }] }
const everywhere: Place = {}
const berlin: Place = { project: 'berlin' }
const lyon: Place = { project: 'lyon' }
const pressInBerlin: Place = { project: 'berlin', host: press }
const latheInBerlin: Place = { project: 'berlin', host: lathe }
const onLine4: HostSelector = { labels: [{ key: 'line', value: '4' }] }

describe('a decision', () => {
  it.each([
    ['a role in the installation holds in every project', [grant('allow', 'operator')], 'host.operate', berlin, true],
    [
      'a role in a project does not hold elsewhere',
      [grant('allow', 'operator', { project: 'berlin' })],
      'host.operate',
      lyon,
      false,
    ],
    [
      'a role in a project does not hold for the installation',
      [grant('allow', 'operator', { project: 'berlin' })],
      'host.operate',
      everywhere,
      false,
    ],
    ['a role holds only what it has', [grant('allow', 'viewer')], 'host.operate', berlin, false],
    [
      'a role for a site holds for a host there',
      [grant('allow', 'operator', { project: 'berlin', hosts: { sites: ['site-1'] } })],
      'host.operate',
      pressInBerlin,
      true,
    ],
    [
      'a role for a site does not hold for a host without one',
      [grant('allow', 'operator', { project: 'berlin', hosts: { sites: ['site-1'] } })],
      'host.operate',
      latheInBerlin,
      false,
    ],
    [
      'a role for a site does not hold for the project',
      [grant('allow', 'operator', { project: 'berlin', hosts: { sites: ['site-1'] } })],
      'host.operate',
      berlin,
      false,
    ],
    [
      'all labels must be there',
      [
        grant('allow', 'operator', {
          hosts: {
            labels: [
              { key: 'line', value: '4' },
              { key: 'a', value: 'b' },
            ],
          },
        }),
      ],
      'host.operate',
      pressInBerlin,
      false,
    ],
    [
      'a narrower denial wins',
      [grant('allow', 'admin'), grant('deny', 'operator', { project: 'berlin' })],
      'host.operate',
      berlin,
      false,
    ],
    [
      'a wider denial wins',
      [grant('deny', 'operator'), grant('allow', 'admin', { project: 'berlin' })],
      'host.operate',
      berlin,
      false,
    ],
    [
      'a denial takes only what its role has',
      [grant('allow', 'admin'), grant('deny', 'viewer')],
      'host.operate',
      berlin,
      true,
    ],
    [
      'a denial in one project leaves the others',
      [grant('allow', 'admin'), grant('deny', 'admin', { project: 'berlin' })],
      'host.operate',
      lyon,
      true,
    ],
    [
      'a denial in one project leaves the installation',
      [grant('allow', 'admin'), grant('deny', 'admin', { project: 'berlin' })],
      'system.write',
      everywhere,
      true,
    ],
    [
      'a denial for some hosts leaves the others',
      [grant('allow', 'admin'), grant('deny', 'admin', { project: 'berlin', hosts: onLine4 })],
      'host.operate',
      latheInBerlin,
      true,
    ],
    [
      'a denial for some hosts is one for them all together',
      [grant('allow', 'admin'), grant('deny', 'admin', { project: 'berlin', hosts: onLine4 })],
      'host.operate',
      berlin,
      false,
    ],
  ] as const)('%s', (_, grants, permission, place, allowed) => {
    expect(decide(person(...grants), permission, place).allowed).toBe(allowed)
  })

  it('tells which grants decided', () => {
    const [allow, deny] = [grant('allow', 'admin'), grant('deny', 'operator', { project: 'berlin' })]

    expect(decide(person(allow, deny), 'host.operate', berlin).by).toEqual([deny])
    expect(decide(person(allow, deny), 'host.operate', lyon).by).toEqual([allow])
    expect(decide(person(deny), 'host.operate', lyon).by).toEqual([])
  })

  it('takes permissions without grants as holding everywhere', () => {
    const plain = { role: 'operator', permissions: new Set<Permission>(ROLES.operator) }

    expect(decide(plain, 'host.operate', pressInBerlin).allowed).toBe(true)
    expect(mayEnter(plain, 'anything')).toBe(true)
  })
})

describe('entering a project', () => {
  it('takes any grant there, and none elsewhere', () => {
    const some = person(grant('allow', 'viewer', { project: 'berlin', hosts: onLine4 }))

    expect(mayEnter(some, 'berlin')).toBe(true)
    expect(mayEnter(some, 'lyon')).toBe(false)
  })

  it('is over when everything is denied there', () => {
    const denied = person(grant('allow', 'admin'), grant('deny', 'admin', { project: 'berlin' }))

    expect(mayEnter(denied, 'berlin')).toBe(false)
    expect(mayEnter(denied, 'lyon')).toBe(true)
  })
})

const projects = fc.constantFrom('berlin', 'lyon')
const sites = fc.constantFrom('site-1', 'site-2')
const label = fc.record({ key: fc.constantFrom('line', 'role'), value: fc.constantFrom('4', '5') })
const selector: fc.Arbitrary<HostSelector> = fc.record(
  { sites: fc.uniqueArray(sites, { maxLength: 2 }), labels: fc.array(label, { maxLength: 2 }) },
  { requiredKeys: [] },
)
const scope: fc.Arbitrary<Scope> = fc.record({ project: projects, hosts: selector }, { requiredKeys: [] })
const roles = fc.constantFrom<Role>('viewer', 'operator', 'manager', 'security', 'admin')
const anyGrant = fc
  .record({ effect: fc.constantFrom<Grant['effect']>('allow', 'deny'), role: roles, scope })
  .map(({ effect, role, scope }) => grant(effect, role, scope))
const grants = fc.array(anyGrant, { maxLength: 5 })
const host: fc.Arbitrary<HostTraits> = fc.record({
  site: fc.option(sites, { nil: undefined }),
  labels: fc.array(label, { maxLength: 3 }),
})
const permission = fc.constantFrom<Permission>(
  'host.read',
  'host.operate',
  'access.write',
  'audit.read',
  'system.write',
)
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constant({}),
  fc.record({ project: projects }),
  fc.record({ project: projects, host }),
)

describe('for all grants', () => {
  it('one more denial never allows more', () => {
    fc.assert(
      fc.property(grants, anyGrant, permission, place, (given, extra, asked, where) => {
        const denial = { ...extra, effect: 'deny' } as const
        if (decide(person(...given, denial), asked, where).allowed)
          expect(decide(person(...given), asked, where).allowed).toBe(true)
      }),
    )
  })

  it('a denial that holds at a place wins over whatever else is granted', () => {
    fc.assert(
      fc.property(grants, roles, permission, host, (given, role, asked, traits) => {
        const denial = grant('deny', 'admin', { project: 'berlin' })

        expect(
          decide(person(...given, grant('allow', role), denial), asked, { project: 'berlin', host: traits }).allowed,
        ).toBe(false)
      }),
    )
  })

  it('what holds in a project holds for each of its hosts', () => {
    fc.assert(
      fc.property(grants, permission, host, (given, asked, traits) => {
        if (decide(person(...given), asked, berlin).allowed)
          expect(decide(person(...given), asked, { ...berlin, host: traits }).allowed).toBe(true)
      }),
    )
  })

  it('hosts within are those that decisions allow', () => {
    fc.assert(
      fc.property(grants, permission, host, (given, asked, traits) => {
        const within = hostsWithin(person(...given), asked, 'berlin')

        expect(isWithin(traits, within)).toBe(decide(person(...given), asked, { ...berlin, host: traits }).allowed)
      }),
    )
  })

  it('who lends a part of what they may lends no more than the part, nor more than they may', () => {
    fc.assert(
      fc.property(grants, roles, scope, permission, place, (given, role, part, asked, where) => {
        const lent = grant('allow', role, part)
        const borrower = person(...narrowed(given, lent))
        if (!decide(borrower, asked, where).allowed) return
        expect(decide(person(...given), asked, where).allowed).toBe(true)
        expect(decide(person(lent), asked, where).allowed).toBe(true)
      }),
    )
  })

  it('what is said to hold in the installation is what decisions allow there', () => {
    fc.assert(
      fc.property(grants, permission, (given, asked) => {
        expect(installationPermissions(given).has(asked)).toBe(decide(person(...given), asked).allowed)
      }),
    )
  })
})
