// SPDX-License-Identifier: Apache-2.0
/** The playbooks there are. */
import type { Playbook } from './playbook.ts'

/** Lines of the event log that a run keeps. */
const LINES = 10

export const PLAYBOOKS: readonly Playbook[] = [
  {
    name: 'diagnose',
    title: 'Find out how it is, and change nothing',
    steps: [
      { do: 'read-power', optional: true },
      { do: 'read-event-log', keep: LINES, optional: true },
      { do: 'read-features', optional: true },
      { do: 'read-drift', optional: true },
    ],
  },
  {
    name: 'power-on',
    title: 'Switch on what is off or asleep',
    steps: [
      { do: 'wait-for-tunnel', minutes: 5 },
      { do: 'read-power' },
      { do: 'power', action: 'on', policy: 'ordered', unless: 'on' },
      { do: 'verify', minutes: 15 },
    ],
  },
  {
    name: 'restart-hung',
    title: 'Restart a machine that is on and whose system hangs',
    steps: [
      { do: 'wait-for-tunnel', minutes: 5 },
      { do: 'read-power' },
      { do: 'read-event-log', keep: LINES, optional: true },
      { do: 'power', action: 'reset', policy: 'ordered', unless: 'agent-back' },
      { do: 'wait-for-agent', minutes: 5, optional: true },
      { do: 'power', action: 'reset', policy: 'immediate', unless: 'agent-back' },
      { do: 'wait-for-agent', minutes: 10, optional: true },
      { do: 'verify', minutes: 5 },
    ],
  },
  {
    name: 'agent-dead',
    title: 'Restart a machine whose agent does not come back by itself',
    steps: [
      { do: 'wait-for-agent', minutes: 10, optional: true },
      { do: 'power', action: 'reset', policy: 'ordered', inWindow: true, unless: 'agent-back' },
      { do: 'wait-for-agent', minutes: 10, optional: true },
      { do: 'verify', minutes: 5 },
    ],
  },
  {
    name: 'reinstall-pxe',
    title: 'Start it once from the network, to be installed anew',
    steps: [
      { do: 'wait-for-tunnel', minutes: 5 },
      { do: 'read-event-log', keep: LINES, optional: true },
      { do: 'boot-once', target: 'pxe' },
      { do: 'wait-for-tunnel', minutes: 15 },
      { do: 'verify', minutes: 90 },
    ],
  },
  {
    name: 'recover-https',
    title: 'Start it once from an image at an address (HTTPS)',
    takesUrl: true,
    steps: [
      { do: 'wait-for-tunnel', minutes: 5 },
      { do: 'read-event-log', keep: LINES, optional: true },
      { do: 'boot-once', target: 'https' },
      { do: 'wait-for-tunnel', minutes: 15 },
      { do: 'verify', minutes: 90 },
    ],
  },
  {
    name: 'reactivate',
    title: 'Activate it again through its agent, when it was unprovisioned or no longer lets us in',
    steps: [
      { do: 'activate', minutes: 20 },
      { do: 'wait-for-tunnel', minutes: 10 },
      { do: 'read-drift', optional: true },
    ],
  },
  {
    name: 'replace-activation',
    title: 'Deactivate it and activate it anew',
    steps: [
      { do: 'ask-approval', why: 'a machine that is deactivated and does not come back must be visited' },
      { do: 'deactivate', minutes: 15 },
      { do: 'activate', minutes: 20 },
      { do: 'wait-for-tunnel', minutes: 10 },
      { do: 'read-drift', optional: true },
      { do: 'notify', text: 'it was activated anew' },
    ],
  },
]

export function playbookNamed(name: string): Playbook | undefined {
  return PLAYBOOKS.find(each => each.name === name)
}
