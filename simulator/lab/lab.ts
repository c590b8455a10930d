// SPDX-License-Identifier: Apache-2.0
/** The lab: a controller, this machine under a real agent, and simulated hosts, each step shown as it happens. */
import { fileURLToPath } from 'node:url'
import { defineProblems } from '../../plugins/contract/index.ts'
import { finish, type Running, start } from './children.ts'
import type { LabFolder } from './folder.ts'
import { findPorts } from './ports.ts'

export const problem = defineProblems({
  'lab-failed': {
    status: 500,
    title: 'The lab did not come up',
    retry: 'never',
    next: 'read the log named here; `npm run lab:clean` starts afresh',
  },
})

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const PROGRAMS = {
  controller: `${ROOT}controller/main.ts`,
  agent: `${ROOT}agent/main.ts`,
  simulator: `${ROOT}simulator/main.ts`,
  cli: `${ROOT}controller/cli/main.ts`,
} as const
/** Builds the dashboard where it is not there yet, or older than its sources. */
const WEB = [`${ROOT}packaging/build/main.ts`, '--web', '--out', `${ROOT}dist`]

export type LabOptions = {
  readonly folder: LabFolder
  readonly hosts: number
  readonly say: (line: string) => void
  readonly signal: AbortSignal
}

export type Lab = {
  readonly url: string
  readonly setupLink: string
  readonly hosts: readonly LabHost[]
  /** In the order they were started. */
  readonly programs: readonly Running[]
  stop(): Promise<void>
}

const UP_WITHIN_MS = 55_000

export async function startLab(options: LabOptions): Promise<Lab> {
  const running: Running[] = []
  const stop = async (): Promise<void> => {
    for (const program of [...running].reverse()) await program.stop()
  }
  try {
    return await raise(options, running, stop)
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** The lab goes on without pages where they cannot be built; the controller then serves two plain ones. */
async function buildDashboard(say: LabOptions['say']): Promise<void> {
  const { code, stdout, stderr } = await finish(WEB)
  if (code !== 0) say(`the dashboard could not be built, pages are left out: ${stderr.trim().split('\n')[0] ?? ''}`)
  else if (stdout !== '') say('dashboard built')
}

async function raise(options: LabOptions, running: Running[], stop: () => Promise<void>): Promise<Lab> {
  const { folder, say, hosts } = options
  const ports = await findPorts()
  folder.writeConfigurations(ports)
  await buildDashboard(say)
  const launch = (name: string, args: string[]): Running => {
    const program = start({ name, args, logFile: folder.path('logs', `${name}.log`) })
    running.push(program)
    return program
  }
  const controller = launch('controller', [PROGRAMS.controller, 'run', '--config', folder.path('controller.yaml')])
  const note = await wait(options, controller, () => folder.controllerNote())
  const url = `https://localhost:${ports.https}`
  say(`controller up at ${url}`)
  await signIn(folder, url, note.rootFingerprint)
  if (folder.read('agent', 'enrolled') === undefined) await enrollThisMachine(folder, url)
  say('this machine enrolled')
  launch('agent', [PROGRAMS.agent, 'run', '--config', folder.path('agent.yaml')])
  await writeFleetToken(folder, hosts)
  const fleet = [
    'up',
    String(hosts),
    '--url',
    url,
    '--token-file',
    folder.path('fleet-token'),
    '--dir',
    folder.path('simulated'),
  ]
  if (hosts > 0) launch('simulated-hosts', [PROGRAMS.simulator, ...fleet])
  const online = await awaitHosts(options, hosts + 1)
  const setupLink = (
    await run([PROGRAMS.controller, 'admin', 'link', '--config', folder.path('controller.yaml')])
  ).trim()
  return {
    url,
    setupLink,
    hosts: online,
    stop,
    programs: running,
  }
}

/** Calls again and again until there is an answer; fails when the program it waits for ends, or time is up. */
async function wait<T>({ folder, signal }: LabOptions, program: Running, ask: () => T | undefined): Promise<T> {
  const deadline = performance.now() + UP_WITHIN_MS
  let ended = false
  void program.ended.then(() => {
    ended = true
  })
  for (;;) {
    signal.throwIfAborted()
    const answer = ask()
    if (answer !== undefined) return answer
    if (ended || performance.now() > deadline) {
      const log = folder.path('logs', `${program.name}.log`)
      throw problem('lab-failed', `${program.name} ${ended ? 'ended' : 'is not up'}; see ${log}`)
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function signIn(folder: LabFolder, url: string, fingerprint: string): Promise<void> {
  if (folder.read('signed-in') === url) return
  const link = (await run([PROGRAMS.controller, 'admin', 'link', '--config', folder.path('controller.yaml')])).trim()
  const secret = link.split('#')[1] ?? ''
  await muster(folder, ['login', url, '--ca-fingerprint', `sha256:${fingerprint}`, '--setup', secret, '--name', 'lab'])
  folder.write(url, 'signed-in')
}

async function enrollThisMachine(folder: LabFolder, url: string): Promise<void> {
  folder.write(await joinToken(folder, 1), 'agent-token')
  await run([
    PROGRAMS.agent,
    'enroll',
    url,
    '--token-file',
    folder.path('agent-token'),
    '--config',
    folder.path('agent.yaml'),
  ])
  folder.write('yes\n', 'agent', 'enrolled')
}

async function writeFleetToken(folder: LabFolder, hosts: number): Promise<void> {
  if (hosts > 0) folder.write(await joinToken(folder, hosts), 'fleet-token')
}

async function joinToken(folder: LabFolder, uses: number): Promise<string> {
  const made = JSON.parse(await muster(folder, ['token', 'create', '--uses', String(uses), '-o', 'json'])) as {
    item: { token: string }
  }
  return made.item.token
}

async function awaitHosts({ folder, say, signal }: LabOptions, wanted: number): Promise<readonly LabHost[]> {
  const deadline = performance.now() + UP_WITHIN_MS
  let told = -1
  for (;;) {
    signal.throwIfAborted()
    const online = await onlineHosts(folder)
    const running = online.length
    if (running !== told) say(`${running} of ${wanted} hosts online`)
    told = running
    if (running >= wanted) return online
    if (performance.now() > deadline)
      throw problem('lab-failed', `${running} of ${wanted} hosts are online; see ${folder.path('logs')}`)
    await new Promise(resolve => setTimeout(resolve, 500))
  }
}

export type LabHost = { readonly resourceId: string; readonly simulated: boolean }

/** The hosts that are there now. */
export async function onlineHosts(folder: LabFolder): Promise<readonly LabHost[]> {
  const listed = JSON.parse(await muster(folder, ['host', 'ls', '--online', '-o', 'json'])) as {
    items: readonly LabHost[]
  }
  return listed.items
}

function muster(folder: LabFolder, args: readonly string[]): Promise<string> {
  return run([PROGRAMS.cli, '--home', folder.path('cli'), ...args])
}

async function run(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await finish(args)
  if (code !== 0) throw problem('lab-failed', `${args.slice(0, 3).join(' ')}: ${stderr.trim().slice(0, 1_000)}`)
  return stdout
}
