// SPDX-License-Identifier: Apache-2.0
/** Projects in the dashboard: which come first, how far a deletion is, how full a quota is. */
import { describe, expect, it } from 'vitest'
import { QUOTAS as KNOWN } from '../../../controller/kernel/quotas.ts'
import { fittingProjects, progressPart } from '../../../controller/web/app/modules/kernel/projects/projects.ts'
import { QUOTAS } from '../../../controller/web/app/modules/tenancy/acts.ts'
import { fillingOf } from '../../../controller/web/app/modules/tenancy/usage.ts'
import { groupedProjects, withRecent } from '../../../controller/web/app/shell/recent-projects.ts'

const project = (name: string, description = '') => ({
  name,
  spec: { description },
  status: {
    projectStatus: { statusIndicator: 'STATUS_INDICATION_IDLE', message: '', timeStamp: 0, uID: '' } as const,
  },
})

describe('projects', () => {
  it('are found by name and description, and listed by name', () => {
    const all = [project('plant', 'in Lyon'), project('berlin'), project('default')]

    expect(fittingProjects(all, '').map(({ name }) => name)).toEqual(['berlin', 'default', 'plant'])
    expect(fittingProjects(all, 'LYON').map(({ name }) => name)).toEqual(['plant'])
  })

  it('tell how far their deletion is, where they count it', () => {
    expect(progressPart('Project x DELETE is in progress: removed 25 of 1,040 hosts')).toEqual({ done: 25, all: 1040 })
    expect(progressPart('Project x DELETE is in progress: removed 40 hosts and 300 records')).toBeUndefined()
    expect(progressPart('Project x DELETE is in progress')).toBeUndefined()
  })

  it('have the quotas that the controller knows', () => {
    expect([...QUOTAS].sort()).toEqual(Object.keys(KNOWN).sort())
  })

  it('fill their quotas', () => {
    expect([fillingOf(0, 10), fillingOf(8, 10), fillingOf(9, 10), fillingOf(10, 10), fillingOf(12, 10)]).toEqual([
      'free',
      'free',
      'near',
      'full',
      'full',
    ])
    expect(fillingOf(0, 0)).toBe('full')
  })
})

describe('the projects somebody was in last', () => {
  it('come newest first, each once, and no more than five', () => {
    const visited = ['a', 'b', 'a', 'c', 'd', 'e', 'f'].reduce<readonly string[]>(withRecent, [])

    expect(visited).toEqual(['f', 'e', 'd', 'c', 'a'])
  })

  it('stay the same list when nothing moved, so that nothing is written', () => {
    const recent = ['a', 'b']

    expect(withRecent(recent, 'a')).toBe(recent)
  })

  it('stand before the others once there are many, without those that are gone', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

    expect(groupedProjects(names, ['f', 'gone', 'b'])).toEqual({
      lately: ['f', 'b'],
      others: ['a', 'c', 'd', 'e', 'g'],
    })
    expect(groupedProjects(['a', 'b'], ['b'])).toEqual({ lately: [], others: ['a', 'b'] })
  })
})
