// SPDX-License-Identifier: Apache-2.0
/** How far a command has come, in each of its states. */
import { Button, Stack } from '@mantine/core'
import type { Command } from '../../api/types.ts'
import { CommandTicks } from '../command-ticks.tsx'
import type { Story } from '../story.ts'

const QUEUED: Command = {
  id: '01JD2Z9B3Q8V5K7M4N6P0R2S4T',
  host: 'host-1a2b3c4d',
  section: 'power',
  name: 'reboot',
  input: {},
  state: 'queued',
  principal: 'person:ada',
  createdAt: '2026-11-21T04:00:00.000Z',
  expiresAt: '2026-11-21T04:02:00.000Z',
}
const SENT = { sentAt: '2026-11-21T04:00:01.000Z' }
const OVER = { finishedAt: '2026-11-21T04:00:40.000Z' }
const PROBLEM = {
  type: '/problems/local-policy',
  code: 'local-policy',
  title: 'The owner of the machine forbids it',
  status: 403,
  retry: 'never',
} as Command['problem'] // the parts that are shown

export default {
  component: 'CommandTicks',
  states: {
    queued: () => (
      <CommandTicks
        command={QUEUED}
        cancel={
          <Button size="xs" variant="default">
            Take it back
          </Button>
        }
      />
    ),
    sent: () => <CommandTicks command={{ ...QUEUED, ...SENT, state: 'sent' }} />,
    succeeded: () => <CommandTicks command={{ ...QUEUED, ...SENT, ...OVER, state: 'succeeded' }} />,
    'failed and refused': () => (
      <Stack>
        <CommandTicks command={{ ...QUEUED, ...SENT, ...OVER, state: 'failed', problem: PROBLEM }} />
        <CommandTicks command={{ ...QUEUED, ...SENT, ...OVER, state: 'refused', problem: PROBLEM }} />
      </Stack>
    ),
    'expired before and after': () => (
      <Stack>
        <CommandTicks command={{ ...QUEUED, ...OVER, state: 'expired' }} />
        <CommandTicks command={{ ...QUEUED, ...SENT, ...OVER, state: 'expired' }} />
      </Stack>
    ),
    cancelled: () => <CommandTicks command={{ ...QUEUED, ...OVER, state: 'cancelled' }} />,
  },
} satisfies Story
