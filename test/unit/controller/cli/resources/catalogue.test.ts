// SPDX-License-Identifier: Apache-2.0
/** The table of resources: whole, and without two meanings for one option. */
import { describe, expect, it } from 'vitest'
import { GLOBAL_OPTIONS } from '../../../../../controller/cli/grammar.ts'
import { optionName } from '../../../../../controller/cli/resources/body.ts'
import { KINDS } from '../../../../../controller/cli/resources/catalogue.ts'
import { os } from '../../../../../controller/cli/resources/systems.ts'
import { treeOf } from '../../../../../controller/cli/verbs/region-tree.ts'

describe.each(KINDS)('$noun', ({ settings, verbs, examples, places }) => {
  it('has an example for each verb', () => {
    expect(verbs.filter(verb => examples[verb] === undefined)).toEqual([])
  })

  it('has options that mean one thing', () => {
    const names = [...settings.map(optionName), 'file', ...(places.length > 1 ? ['kind'] : [])]
    const global = GLOBAL_OPTIONS.map(({ flags }) => /--(?:no-)?([a-z-]+)/.exec(flags)?.[1])

    expect(new Set(names).size).toBe(names.length)
    expect(names.filter(name => global.includes(name))).toEqual([])
  })

  it('refers to kinds that are there', () => {
    const nouns = settings.flatMap(({ form }) => (form.is === 'reference' ? [form.noun] : []))

    expect(nouns.filter(noun => noun !== 'host' && !KINDS.some(kind => kind.noun === noun))).toEqual([])
  })
})

describe('a profile in EIM’s words', () => {
  it('becomes a system in those of the interface', () => {
    expect(
      os.spelled?.({
        name: 'Edge',
        type: 'OPERATING_SYSTEM_TYPE_IMMUTABLE',
        provider: 'OPERATING_SYSTEM_PROVIDER_INFRA',
        osImageUrl: 'files/edge.raw.gz',
        osImageSha256: 'abc',
      }),
    ).toEqual({
      name: 'Edge',
      osType: 'OS_TYPE_IMMUTABLE',
      osProvider: 'OS_PROVIDER_KIND_INFRA',
      imageUrl: 'files/edge.raw.gz',
      sha256: 'abc',
    })
  })
})

describe('the tree', () => {
  it('puts regions under regions and sites under them, and what has no parent at the top', () => {
    const regions = [
      { resourceId: 'region-1', name: 'emea' },
      { resourceId: 'region-2', name: 'bavaria', parentRegion: { resourceId: 'region-1' } },
      { resourceId: 'region-3', name: 'lost', parentId: 'region-9' },
    ]
    const sites = [
      { resourceId: 'site-1', name: 'plant', region: { resourceId: 'region-2' } },
      { resourceId: 'site-2', name: 'alone' },
    ]

    expect(treeOf(regions, sites)).toMatchObject([
      { name: 'emea', children: [{ name: 'bavaria', children: [{ kind: 'Site', name: 'plant' }] }] },
      { name: 'lost', children: [] },
      { kind: 'Site', name: 'alone' },
    ])
  })
})
