// SPDX-License-Identifier: Apache-2.0
/** The kernel's rules: how modules fit together, what sections are served, who may do what, who is a copy. */
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { type Enabled, orderModules } from '../../../../controller/kernel/load.ts'
import { type AnyModule, port } from '../../../../controller/kernel/module.ts'
import { PERMISSIONS, permissionFor, ROLES } from '../../../../controller/kernel/permissions.ts'
import { createSections } from '../../../../controller/kernel/sections.ts'
import { createTakeovers } from '../../../../controller/kernel/takeovers.ts'
import { isCidr } from '../../../../controller/modules/onboarding/rules.ts'
import { defineSection } from '../../../../plugins/contract/index.ts'

const clock = port<object>('clock')
const secrets = port<object>('secrets')
const fan = defineSection({
  name: 'fan',
  title: 'Fans',
  desired: Type.Object({ speed: Type.Integer() }, { additionalProperties: false }),
  observed: Type.Unknown(),
  commands: {
    stop: {
      title: 'Stop',
      input: Type.Object({}),
      output: Type.Unknown(),
      class: 1,
      ttlMs: 1,
      timeoutMs: 1,
      impact: 'none',
    },
  },
})

const module = (name: string, more: Partial<AnyModule> = {}): Enabled => ({
  module: {
    name,
    version: '1.0.0',
    title: name,
    config: Type.Object({}, { additionalProperties: false }),
    needs: {},
    wants: {},
    offers: {},
    serves: [],
    owns: [],
    migrations: {},
    start: async () => ({ offers: {} }),
    ...more,
  },
  config: {},
})
const names = (ordered: readonly Enabled[]) => ordered.map(each => each.module.name)
const findingsOf = (act: () => unknown): string[] => {
  try {
    act()
  } catch (thrown) {
    return (thrown as { fields: { findings: string[] } }).fields.findings
  }
  return []
}

describe('a set of modules', () => {
  it('starts in the order of needs, and of wants that somebody offers', () => {
    const needs = module('needs', { needs: { clock } })
    const wants = module('wants', { wants: { clock, secrets } })
    const offers = module('offers', { offers: { clock } })
    expect(names(orderModules([needs, wants, offers]))).toEqual(['offers', 'needs', 'wants'])
    expect(names(orderModules([needs], [clock.id]))).toEqual(['needs'])
  })

  it('is refused with everything that is wrong with it at once', () => {
    const wrong = findingsOf(() =>
      orderModules([
        module('a', { needs: { secrets }, owns: [fan] }),
        module('b', { owns: [fan], offers: { clock } }),
        module('c', { offers: { clock } }),
        { ...module('d'), config: { colour: 'red' } },
      ]),
    )
    expect(wrong).toHaveLength(4)
    expect(wrong.join('\n')).toMatch(
      /modules\/d.*colour[\s\S]*a needs secrets[\s\S]*two of port clock[\s\S]*two of owner of section fan/,
    )
  })

  it('with a circle of needs is refused by name', () => {
    expect(
      findingsOf(() =>
        orderModules([
          module('a', { needs: { clock }, offers: { secrets } }),
          module('b', { needs: { secrets }, offers: { clock } }),
        ]),
      ),
    ).toEqual(['a circle of needs: a, b'])
  })
})

describe('sections', () => {
  const sections = createSections([{ section: fan, owner: 'cooling' }], ['acme-printer'])

  it('that no module serves are refused, with those that are', () => {
    expect(() => sections.get('gone')).toThrow(/acme-printer, fan, maintenance/)
  })

  it('check documents and know commands', () => {
    expect(() => sections.checkDesired('fan', { speed: 'fast' })).toThrow(/speed/)
    expect(() => sections.checkDesired('fan', null)).not.toThrow()
    expect(() => sections.checkDesired('maintenance', { timeZone: 'Mars/Olympus', windows: [] })).toThrow(/time zone/)
    expect(sections.command('fan', 'stop').class).toBe(1)
    expect(() => sections.command('fan', 'spin')).toThrow(/stop, not spin/)
  })

  it('of foreign plugins pass any document, and their commands count as dangerous', () => {
    expect(() => sections.checkDesired('acme-printer', { anything: [1] })).not.toThrow()
    expect(sections.command('acme-printer', 'feed').class).toBe(3)
  })
})

describe('permissions', () => {
  it('grow from viewer to engineer, and the administrator has them all', () => {
    const has = (role: keyof typeof ROLES) => new Set<string>(ROLES[role])
    for (const [less, more] of [
      ['viewer', 'operator'],
      ['operator', 'engineer'],
      ['engineer', 'admin'],
      ['security', 'admin'],
    ] as const) {
      for (const permission of has(less))
        expect([more, permission, has(more).has(permission)]).toEqual([more, permission, true])
    }
    expect(has('admin').size).toBe(PERMISSIONS.length)
    expect(has('operator').has('host.destroy')).toBe(false)
  })

  it('asked by a command rise with its class', () => {
    expect([0, 1, 2, 3, 4].map(each => permissionFor(each as 0))).toEqual([
      'host.read',
      'host.operate',
      'host.change',
      'host.access',
      'host.destroy',
    ])
  })
})

describe('takeovers', () => {
  const peer = { host: 'host-00000001' } as never

  it('by boots that take turns, three times in ten minutes, are two machines', () => {
    const takeovers = createTakeovers()
    for (const at of [0, 1, 2]) takeovers.note(peer, at)
    expect(takeovers.stormy(peer, 'boot-a', 3)).toBe(false)
    expect(takeovers.stormy(peer, 'boot-b', 4)).toBe(false)
    expect(takeovers.stormy(peer, 'boot-a', 5)).toBe(true)
  })

  it('by ever new boots are one machine whose power comes and goes', () => {
    const takeovers = createTakeovers()
    for (const at of [0, 1, 2, 3, 4, 5]) {
      takeovers.note(peer, at)
      expect(takeovers.stormy(peer, `boot-${at}`, at)).toBe(false)
    }
  })

  it('by one machine on a bad line are not', () => {
    const takeovers = createTakeovers()
    for (const at of [0, 1, 2, 3, 4]) {
      takeovers.note(peer, at)
      expect(takeovers.stormy(peer, 'boot-a', at)).toBe(false)
    }
  })

  it('before a release from quarantine do not count after it', () => {
    const takeovers = createTakeovers()
    for (const at of [0, 1, 2]) takeovers.note(peer, at)
    takeovers.stormy(peer, 'boot-a', 3)
    takeovers.stormy(peer, 'boot-b', 4)
    takeovers.forget('host-00000001')
    expect(takeovers.stormy(peer, 'boot-a', 5)).toBe(false)
  })

  it('long ago are forgotten', () => {
    const takeovers = createTakeovers()
    for (const at of [0, 1, 2]) takeovers.note(peer, at)
    takeovers.stormy(peer, 'boot-a', 3)
    takeovers.stormy(peer, 'boot-b', 4)
    expect(takeovers.stormy(peer, 'boot-a', 700_000)).toBe(false)
  })
})

describe('address ranges', () => {
  it('are told from what is none', () => {
    for (const text of ['10.0.0.0/8', '0.0.0.0/0', 'fd00::/8', '::1/128'])
      expect([text, isCidr(text)]).toEqual([text, true])
    for (const text of ['10.0.0.0', '10.0.0.0/33', '10.0.0/8', '::/129', 'x/8', '10.0.0.0/8/8', '10.0.0.0/-1', ''])
      expect([text, isCidr(text)]).toEqual([text, false])
  })
})
