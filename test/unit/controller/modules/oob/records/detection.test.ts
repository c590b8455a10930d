// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { detectionSuffix } from '../../../../../../controller/modules/oob/records/detection.ts'
import { Problem } from '../../../../../../plugins/contract/index.ts'

const random = (size: number) => new Uint8Array(size).fill(0xab)
const inside = (thrown: unknown) => thrown instanceof Problem && thrown.code === 'detection-suffix-inside'

describe('the suffix that tells inside from outside', () => {
  it('is a name that no network has, unless one is wanted', () => {
    expect(detectionSuffix(undefined, { suffixes: ['corp.example.com'], random })).toBe(
      'abababab-abab-abab-abab-abababababab.com',
    )
    expect(detectionSuffix('outside.example.org.', { suffixes: ['corp.example.com', undefined, ''], random })).toBe(
      'outside.example.org',
    )
  })

  it.each([
    ['corp.example.com', 'corp.example.com'],
    ['Corp.Example.com.', 'corp.example.com'],
    ['example.com', 'corp.example.com'],
  ])('may not be %s in a network with the suffix %s', (wanted, present) => {
    expect(() => detectionSuffix(wanted, { suffixes: ['elsewhere.org', present], random })).toThrowError(
      expect.toSatisfy(inside),
    )
  })

  it('may be a name below that of the network', () => {
    expect(detectionSuffix('far.corp.example.com', { suffixes: ['corp.example.com'], random })).toBe(
      'far.corp.example.com',
    )
  })
})
