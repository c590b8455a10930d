// SPDX-License-Identifier: Apache-2.0
/** Which host a person means. */
import { describe, expect, it } from 'vitest'
import type { Host } from '../../../../controller/cli/api.ts'
import { explain } from '../../../../controller/cli/explain.ts'
import { chooseHost, spoken } from '../../../../controller/cli/hosts.ts'
import type { Problem } from '../../../../plugins/contract/problem.ts'

const hosts: readonly Host[] = [
  { resourceId: 'host-1a2b0001', name: 'press-04', hostname: 'edge', serialNumber: 'SN-1' },
  { resourceId: 'host-1a2b0002', name: 'Press-04x', hostname: 'edge', serialNumber: 'SN-2' },
  { resourceId: 'host-77770003', name: 'edge', hostname: 'box', serialNumber: 'SN-3' },
  { resourceId: 'host-99990004', name: 'press', hostname: 'twin', serialNumber: '1a2b' },
]
const chosen = (name: string) => chooseHost(name, hosts).resourceId

function failure(name: string): Problem {
  try {
    chooseHost(name, hosts)
  } catch (thrown) {
    return thrown as Problem
  }
  throw new Error('nothing was thrown')
}

describe('a host', () => {
  it('is found by name, serial number and start of an id', () => {
    expect(chosen('press-04')).toBe('host-1a2b0001')
    expect(chosen('PRESS-04X')).toBe('host-1a2b0002')
    expect(chosen('sn-3')).toBe('host-77770003')
    expect(chosen('host-777')).toBe('host-77770003')
    expect(chosen('777')).toBe('host-77770003')
  })

  it('is the one with the display name, whatever the others are called otherwise', () => {
    expect(chosen('edge')).toBe('host-77770003')
    expect(chosen('press')).toBe('host-99990004')
  })

  it('is the one with the serial number rather than those whose ids start so', () => {
    expect(chosen('1a2b')).toBe('host-99990004')
  })

  it('is not guessed: several are listed', () => {
    const problem = failure('host-1a2b')

    expect(problem.code).toBe('name-ambiguous')
    expect(explain(problem)).toBe(
      [
        'error: several have this name: 2 hosts are called host-1a2b [name-ambiguous]',
        '  host-1a2b0001  press-04  SN-1',
        '  host-1a2b0002  Press-04x  SN-2',
        'try: use the id of the one you mean',
        '',
      ].join('\n'),
    )
  })

  it('is not found by a part of a name', () => {
    expect(failure('res').code).toBe('name-unknown')
  })

  it('is spoken of with its id, and with what it is not', () => {
    expect(spoken(hosts[0]!)).toBe('press-04 (host-1a2b0001)')
    expect(spoken({ ...hosts[0]!, simulated: true })).toBe('press-04 (host-1a2b0001, simulated)')
    expect(spoken({ resourceId: 'host-1a2b0001', name: '' })).toBe('host-1a2b0001')
  })
})
