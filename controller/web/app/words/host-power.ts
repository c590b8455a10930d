// SPDX-License-Identifier: Apache-2.0
/** Texts of powering a host, whichever way it goes. */
import { catalogue, plural } from './catalogue.ts'

export const t = catalogue({
  menu: 'Power',
  none: 'No way to power this host',
  action: {
    on: 'Switch on',
    off: 'Switch off hard',
    reboot: 'Reboot',
    cycle: 'Power cycle',
    reset: 'Reset hard',
    shutdown: 'Shut down',
  },
  title: (action: string, name: string) => `${action}: ${name}`,
  viaAgent: 'via the agent',
  path: 'Which way',
  goes: (path: string) => `This goes ${path}.`,
  others: 'Other ways',
  cannot: (action: string) => `cannot do this: ${action}`,
  slower: 'it would have to wait for the host',
  lower: 'it can as well',
  revoked: 'The host is revoked.',
  never: 'The host has never connected.',
  quarantined: 'The host is quarantined.',
  noPlugin: 'Its agent has no plugin for power.',
  denied: 'The owner of the machine forbids it.',
  notAllowed: (permission: string) => `You lack the permission ${permission}.`,
  ttl: 'Good for',
  online: (ttl: string) =>
    `The host is online and takes it at once. If it goes away first, the order stays good for ${ttl} and is then dropped; nothing happens later.`,
  offline: (ttl: string) =>
    `The host is offline. It gets the order if it is back within ${ttl}; after that the order expires and nothing happens.`,
  effect: {
    on: 'The machine is switched on.',
    off: 'The machine loses power at once; what is not written to disk is lost.',
    reboot: 'The operating system goes down in good order and comes up again.',
    cycle: 'The machine loses power and starts anew; what is not written to disk is lost.',
    reset: 'The machine starts anew at once; what is not written to disk is lost.',
    shutdown:
      'The operating system goes down in good order. Somebody, or out-of-band management, must switch it on again.',
  },
  sent: 'What becomes of it',
  dismiss: 'Put away',
  span: (ms: number) => {
    const minutes = ms / 60_000
    if (minutes < 60) return plural(minutes, { one: '# minute', other: '# minutes' })
    if (minutes < 1_440) return plural(minutes / 60, { one: '# hour', other: '# hours' })
    return plural(minutes / 1_440, { one: '# day', other: '# days' })
  },
})
