// SPDX-License-Identifier: Apache-2.0
/** The manual pages there are, and what they say beside the command lines. */
import type { Page } from './man.ts'

export type ProgramPage = Page & {
  /** The program's main file in the sources. */
  readonly entry: string
  readonly package: string
  /** Whether people type it, so that shells complete it. */
  readonly completed: boolean
}

export const PAGES: readonly ProgramPage[] = [
  {
    name: 'muster-agent',
    section: 8,
    package: 'muster-agent',
    completed: true,
    entry: 'agent/main.ts',
    about: 'agent of Muster on a managed machine',
    description: [
      'The agent connects outward to its controller by MQTT over mutual TLS, reports what the machine is and how it fares, keeps what should be as it should be, and obeys signed commands as far as the local policy allows.',
      'A machine becomes a host by enroll; the service starts by itself as soon as there is an identity. What needs a right of root is done by muster-helper, which checks the signature of the controller once more.',
    ],
    files: [
      ['/etc/muster-agent/config.yaml', 'settings; every one is there with its default'],
      ['/etc/muster-agent/policy.yaml', 'what the owner of the machine forbids the controller'],
      ['/etc/default/muster-agent', 'environment of the service, such as HTTPS_PROXY'],
      ['/var/lib/muster-agent', 'identity, journal and status'],
      ['/usr/lib/muster-agent/plugins', 'plugins of other packages'],
    ],
    environment: [
      ['MUSTER_AGENT_CONFIG', 'another file of settings'],
      ['MUSTER_AGENT_*', 'one setting, such as MUSTER_AGENT_LOG_LEVEL for logLevel'],
      ['HTTPS_PROXY, NO_PROXY', 'the proxy, when the settings name none'],
    ],
    see: ['muster-helper(8)', 'muster(1)', 'systemctl(1)', 'journalctl(1)'],
  },
  {
    name: 'muster-helper',
    section: 8,
    package: 'muster-agent',
    completed: false,
    entry: 'agent/helper/main.ts',
    about: 'privileged acts for the agent of Muster',
    description: [
      'The helper runs as root, without a network, and only while it is asked. It does the acts that need root, each by a name of its own, and only when the controller has signed the command that asks for it: it verifies that itself, with its own copy of the trust bundle and its own record of what was done.',
      'The service manager starts it through its socket; nobody needs to start it by hand.',
    ],
    files: [
      ['/etc/muster-agent/helper.yaml', 'what the owner of the machine grants beyond what every host needs'],
      ['/run/muster-helper/helper.sock', 'where the agent asks'],
      ['/var/lib/muster-helper', 'copy of the trust bundle, record of acts'],
      ['/usr/lib/muster-agent/bin', 'programs that plugins brought'],
    ],
    environment: [],
    see: ['muster-agent(8)', 'systemd.socket(5)'],
  },
  {
    name: 'muster-controller',
    section: 8,
    package: 'muster-controller',
    completed: true,
    entry: 'controller/main.ts',
    about: 'controller of a Muster fleet',
    description: [
      'One process with broker, database, certificate authority, API and dashboard. It serves the agents of a fleet and the people who look after it.',
    ],
    files: [
      ['/etc/muster-controller/config.yaml', 'settings; every one is there with its default'],
      ['/etc/default/muster-controller', 'environment of the service'],
      ['/var/lib/muster-controller', 'authority, keys, database, files; whoever has it controls the fleet'],
    ],
    environment: [
      [
        'MUSTER_CONTROLLER_DATA_DIR, MUSTER_CONTROLLER_STORE, MUSTER_CONTROLLER_LOG_LEVEL',
        'the settings dataDir, store and logLevel',
      ],
    ],
    see: ['muster(1)', 'muster-agent(8)', 'journalctl(1)'],
  },
  {
    name: 'muster',
    section: 1,
    package: 'muster-cli',
    completed: true,
    entry: 'controller/cli/main.ts',
    about: 'command line of a Muster fleet',
    description: [
      'Speaks the API of a controller. What it prints for programs, with -o json, stays as it is from version to version; how it ends is told by its exit code, which muster help exit-codes explains.',
    ],
    files: [['~/.config/muster', 'controllers it knows, and the keys to them']],
    environment: [
      ['MUSTER_CONTEXT', 'which controller'],
      ['MUSTER_PROJECT', 'which project'],
      ['MUSTER_HOME', 'where contexts are kept'],
      ['NO_COLOR', 'no colors'],
    ],
    see: ['muster-controller(8)', 'muster-agent(8)'],
  },
  {
    name: 'muster-provision',
    section: 1,
    package: 'muster-provision',
    completed: true,
    entry: 'provisioning/main.ts',
    about: 'prepare machines for their first start under Muster',
    description: ['Writes what a new machine needs to find its controller and to be believed there.'],
    files: [],
    environment: [],
    see: ['muster(1)', 'muster-agent(8)'],
  },
]
