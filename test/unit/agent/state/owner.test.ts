// SPDX-License-Identifier: Apache-2.0
/** What a machine forgets when it becomes another host. */
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../../../agent/state/journal.ts'
import { adoptOwner } from '../../../../agent/state/owner.ts'
import { AUDIENCE, signedCommand, signedDesired } from '../orders.ts'

const { installation, project, host } = AUDIENCE
const owner = { installation, project, host }

function journalOfAHost() {
  const journal = openJournal(':memory:', { now: () => 0 })
  adoptOwner(journal, owner)
  journal.values.put('epoch', '7')
  journal.values.put('ticket', 'old')
  journal.desired.put({ section: 'lamp', epoch: 7, revision: 9, message: signedDesired({ on: true }) })
  journal.reported.put('lamp', 'digest', '')
  journal.outbox.put({ id: '1', kind: 'result', key: 'a', payload: '{}' })
  journal.commands.begin({ id: 'a', startedAt: 0, bootId: 'b', message: signedCommand() }, 10)
  return journal
}

describe('the journal of a host', () => {
  it('is kept while the machine stays that host', () => {
    const journal = journalOfAHost()

    expect(adoptOwner(journal, owner)).toBe(false)
    expect(journal.values.get('epoch')).toBe('7')
    expect(journal.desired.list()).toHaveLength(1)
  })

  it.each([
    { ...owner, installation: 'inst-2' },
    { ...owner, project: 'other' },
    { ...owner, host: 'host-ffffffff' },
  ])('is emptied when it becomes %o, but for the ids of commands', next => {
    const journal = journalOfAHost()

    expect(adoptOwner(journal, next)).toBe(true)

    expect([journal.values.get('epoch'), journal.values.get('ticket')]).toEqual([undefined, undefined])
    expect(journal.desired.list()).toEqual([])
    expect(journal.reported.digestOf('lamp')).toBeUndefined()
    expect(journal.outbox.count()).toBe(0)
    expect(journal.commands.get('a')).toEqual({ state: 'begun' })
    expect(adoptOwner(journal, next)).toBe(false)
  })

  it('that was written before owners were kept is taken over as it is', () => {
    const journal = journalOfAHost()
    journal.values.remove('owner')

    expect(adoptOwner(journal, owner)).toBe(false)
    expect(journal.values.get('epoch')).toBe('7')
  })
})
