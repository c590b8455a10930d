// SPDX-License-Identifier: Apache-2.0
/** Units are text of their own: they start programs with the settings that everything else reads from the list. */
import { describe, expect, it } from 'vitest'
import { AGENT_ENVIRONMENT, AGENT_FLAGS, CONTROLLER_ENVIRONMENT } from '../../../packaging/build/process-settings.ts'
import { read } from '../../arch/tree.ts'

const environmentOf = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

describe('the unit', () => {
  it('of the controller sets the allocator as the list says', () => {
    const unit = read('packaging/systemd/muster-controller.service')

    expect(unit.split('\n')).toContain(`Environment=${environmentOf(CONTROLLER_ENVIRONMENT)}`)
  })

  it('of the helper starts it as an agent is started', () => {
    const unit = read('packaging/systemd/muster-helper.service')

    expect(unit).toContain(`/node ${AGENT_FLAGS.join(' ')} /`)
    expect(unit.split('\n')).toContain(`Environment=${environmentOf(AGENT_ENVIRONMENT)}`)
  })
})
