// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { inherited, merged } from '../../../../../../controller/modules/inventory/locations/labels.ts'

const label = (key: string, value: string) => ({ key, value })

describe('labels', () => {
  it('of the nearest win', () => {
    expect(merged([label('a', 'near')], [label('a', 'far'), label('b', 'far')])).toEqual([
      label('a', 'near'),
      label('b', 'far'),
    ])
  })

  it('that a thing has itself are not inherited', () => {
    expect(inherited([label('a', 'own')], [label('a', 'far'), label('b', 'far')])).toEqual([label('b', 'far')])
  })
})
