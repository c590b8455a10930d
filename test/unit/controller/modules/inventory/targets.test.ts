// SPDX-License-Identifier: Apache-2.0
/** What a write makes of the targets of a resource that has exactly one. */
import { describe, expect, it } from 'vitest'
import type { Row } from '../../../../../controller/modules/inventory/engine/kind.ts'
import { targetOutcome } from '../../../../../controller/modules/inventory/targets.ts'

const COLUMNS = { targetHostId: 'target_host', targetSiteId: 'target_site' }
const row = (cells: Record<string, string | null>): Row => ({
  project: 'p',
  id: 'x',
  revision: 1,
  created_at: '',
  updated_at: '',
  target_host: null,
  target_site: null,
  ...cells,
})

describe('the target of a resource', () => {
  it('moves to the one that is named, away from the other', () => {
    const next = row({ target_host: 'host-1', target_site: 'site-1' })

    expect(targetOutcome(COLUMNS, { given: { targetSiteId: 'site-1' }, next })).toEqual({
      clear: { target_host: null },
    })
  })

  it('stays when nothing is said of it', () => {
    expect(targetOutcome(COLUMNS, { given: {}, next: row({ target_host: 'host-1' }) })).toEqual({ clear: {} })
    expect(targetOutcome(COLUMNS, { given: { targetSiteId: '' }, next: row({ target_host: 'host-1' }) })).toEqual({
      clear: {},
    })
  })

  it.each([
    ['two are named', { targetHostId: 'host-1', targetSiteId: 'site-1' }, ['/body/targetHostId', '/body/targetSiteId']],
    ['none is named', {}, ['/body/targetHostId']],
    ['the only one is cleared', { targetHostId: '' }, ['/body/targetHostId']],
  ])('is refused when %s', (_what, given, pointers) => {
    const outcome = targetOutcome(COLUMNS, { given, next: row({}) })

    expect('findings' in outcome && outcome.findings.map(({ pointer }) => pointer)).toEqual(pointers)
  })
})
