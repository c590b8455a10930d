// SPDX-License-Identifier: Apache-2.0
/** The three images: which programs lie in them, how they start, and what they need from their surroundings. */
import type { Architecture } from '../build/packages/package.ts'
import { AGENT_ENVIRONMENT, AGENT_FLAGS, CONTROLLER_ENVIRONMENT, CONTROLLER_FLAGS } from '../build/process-settings.ts'
import { USER } from './debian.ts'
import type { Runs } from './oci.ts'
import type { Entry } from './tar.ts'

export const NODE = '/usr/lib/muster-runtime/node'
const SECOND = 1_000_000_000

export type ImageName = 'controller' | 'agent' | 'simulator'

type Plan = {
  readonly title: string
  /** Folders of the build that go to /usr/lib: the program, then what comes along. */
  readonly programs: Readonly<Record<string, string>>
  /** What it is called on the path of those who look in with `exec`. */
  readonly commands: Readonly<Record<string, string>>
  /** What starts, after the runtime. */
  readonly start: readonly string[]
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly state: string
  readonly ports: readonly string[]
  /** Between two looks at its health; a look starts a process. */
  readonly probeEverySeconds: number
}

export const PLANS: Readonly<Record<ImageName, Plan>> = {
  controller: {
    title: 'Muster controller with its command line',
    programs: { controller: 'muster-controller', cli: 'muster-cli' },
    commands: {
      'muster-controller': 'muster-controller/muster-controller.mjs',
      muster: 'muster-cli/muster.mjs',
    },
    start: [...CONTROLLER_FLAGS, '/usr/lib/muster-controller/muster-controller.mjs'],
    arguments: ['run', '--config', '/etc/muster-controller/config.yaml'],
    env: {
      MUSTER_CONTROLLER_DATA_DIR: '/var/lib/muster-controller',
      MUSTER_HOME: '/var/lib/muster-controller/cli',
      ...CONTROLLER_ENVIRONMENT,
    },
    state: 'var/lib/muster-controller',
    ports: ['8443/tcp', '8883/tcp', '4433/tcp'],
    probeEverySeconds: 30,
  },
  agent: {
    title: 'Muster agent without privileges',
    programs: { agent: 'muster-agent' },
    commands: { 'muster-agent': 'muster-agent/muster-agent.mjs' },
    start: [...AGENT_FLAGS, '/usr/lib/muster-agent/muster-agent.mjs'],
    arguments: ['run'],
    env: { MUSTER_AGENT_STATE_DIR: '/var/lib/muster-agent', ...AGENT_ENVIRONMENT },
    state: 'var/lib/muster-agent',
    ports: [],
    probeEverySeconds: 60,
  },
  simulator: {
    title: 'Muster simulator: the code of real agents on simulated hosts',
    programs: { simulator: 'muster-simulator' },
    commands: { 'muster-sim': 'muster-simulator/muster-sim.mjs' },
    start: ['/usr/lib/muster-simulator/muster-sim.mjs'],
    arguments: ['--help'],
    env: {},
    state: 'var/lib/muster-simulator',
    ports: [],
    probeEverySeconds: 60,
  },
}

const CONTROLLER_CONFIG = `# Settings of the controller; an empty file means the defaults. Mount your own over this one.
# What can be said here is in docs/guides/containers.md; MUSTER_CONTROLLER_* in the environment wins over it.
{}
`

/** What the programs' layer has beside the programs themselves. */
export function ownEntries(name: ImageName, probe: Uint8Array, bom: Uint8Array): readonly Entry[] {
  const { commands, state } = PLANS[name]
  const file = (path: string, content: Uint8Array | string, mode = 0o644): Entry => ({
    path,
    mode,
    kind: 'file',
    content: Buffer.from(content),
  })
  return [
    file('usr/lib/muster-container/probe.mjs', probe),
    file('usr/share/doc/muster/sbom.cdx.json', bom),
    ...Object.entries(commands).map(([command, target]) =>
      // No shell means no wrapper: the kernel starts the runtime, which takes a file without an ending for CommonJS.
      file(`usr/bin/${command}`, `#!${NODE}\nimport('/usr/lib/${target}')\n`, 0o755),
    ),
    ...(name === 'controller' ? [file('etc/muster-controller/config.yaml', CONTROLLER_CONFIG)] : []),
    { path: state, kind: 'folder', mode: 0o700, owner: USER },
  ]
}

export type Marks = { readonly version: string; readonly architecture: Architecture; readonly epoch: number }

export function runsOf(name: ImageName, { version, epoch }: Marks): Runs {
  const { title, start, arguments: args, env, state, ports, probeEverySeconds } = PLANS[name]
  return {
    User: `${USER}:${USER}`,
    Env: [
      'PATH=/usr/bin',
      'HOME=/tmp',
      'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      'NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      ...Object.entries(env).map(([variable, value]) => `${variable}=${value}`),
    ],
    Entrypoint: [NODE, ...start],
    Cmd: args,
    WorkingDir: `/${state}`,
    ...(ports.length === 0 ? {} : { ExposedPorts: Object.fromEntries(ports.map(port => [port, {}])) }),
    Volumes: { [`/${state}`]: {} },
    Labels: {
      'org.opencontainers.image.title': title,
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.created': new Date(epoch * 1_000).toISOString(),
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.vendor': 'Muster',
      'org.opencontainers.image.documentation': 'docs/guides/containers.md',
    },
    StopSignal: 'SIGTERM',
    Healthcheck: {
      Test: ['CMD', NODE, '/usr/lib/muster-container/probe.mjs', name],
      Interval: probeEverySeconds * SECOND,
      Timeout: 10 * SECOND,
      StartPeriod: 30 * SECOND,
      Retries: 3,
    },
  }
}
