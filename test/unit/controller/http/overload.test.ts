// SPDX-License-Identifier: Apache-2.0
/** From when on requests are refused for the load, and from when on no longer. */
import { describe, expect, it } from 'vitest'
import { createOverload } from '../../../../controller/http/overload.ts'

/** What becomes of requests that meet a late loop at these seconds. */
function refusals(...seconds: readonly number[]): boolean[] {
  let now = 0
  const overload = createOverload({ monotonic: () => now })
  return seconds.map(second => {
    now = second * 1_000
    return overload.met()
  })
}

describe('a late loop', () => {
  it('refuses nothing for one stall', () => {
    expect(refusals(10, 10.2, 10.9, 11.4)).toEqual([false, false, false, false])
  })

  it('refuses once it has been late for a while', () => {
    expect(refusals(10, 11, 12.9, 13, 20)).toEqual([false, false, false, true, true])
  })

  it('refuses too when each turn takes long, so that it meets few requests', () => {
    expect(refusals(10, 22, 35)).toEqual([false, true, true])
  })

  it('begins anew when all was well in between', () => {
    expect(refusals(10, 14, 40, 41, 44)).toEqual([false, true, false, false, true])
  })

  it('says that requests are refused only while they are', () => {
    let now = 0
    const overload = createOverload({ monotonic: () => now })
    const said = [0, 1, 4, 18, 20].map(second => {
      now = second * 1_000
      if (second <= 4) overload.met()
      return overload.lasts
    })

    expect(said).toEqual([false, false, true, true, false])
  })
})
