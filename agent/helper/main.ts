// SPDX-License-Identifier: Apache-2.0
/** The program muster-helper: root without a network, which does the privileged acts that the controller has signed. */
import { posix } from 'node:path'
import { parseArgs } from 'node:util'
import { asProblem, MINUTE, SECOND } from '../../plugins/contract/index.ts'
import { DEFAULTS } from '../config.ts'
import { type AgentLog, createLog } from '../log.ts'
import { openJournal } from '../state/journal.ts'
import { createSystem } from '../system/real.ts'
import { VERSION } from '../version.ts'
import { DEFAULT_CONFIG_FILE, loadHelperConfig } from './config.ts'
import { createDesk } from './desk.ts'
import { createPrograms } from './programs.ts'
import { listen, type Where } from './system/listen.ts'
import { ownershipOf } from './system/ownership.ts'
import { DEFAULT_STATE_DIR } from './trust-copy.ts'

const USAGE = `Usage: muster-helper [options]

Does the privileged acts of this machine that its controller has signed. Started by the service manager through its
socket, or with --socket.

Options:
  --socket <path>    listen there (mode 0660) instead of on the socket of the service manager
  --group <gid>      the numeric group that may connect to that socket
  --state <folder>   own state (default ${DEFAULT_STATE_DIR})
  --config <file>    grants (default ${DEFAULT_CONFIG_FILE})
  --policy <file>    what the owner of the machine denies (default ${DEFAULTS.policyFile})
  --programs <dir>   look there first for programs
  --direct           run every program as a child, also where a service manager could run it as a unit
  --idle <seconds>   end after so long without a request (default 300 when started by its socket, else never)
  --version          show the version
  --help             show this
`
const FIRST_FD = 3
const PROGRAMS_DIR = '/usr/lib/muster-agent/bin'

const OPTIONS = {
  socket: { type: 'string' },
  group: { type: 'string' },
  state: { type: 'string', default: DEFAULT_STATE_DIR },
  config: { type: 'string', default: DEFAULT_CONFIG_FILE },
  policy: { type: 'string', default: DEFAULTS.policyFile },
  programs: { type: 'string', default: PROGRAMS_DIR },
  direct: { type: 'boolean', default: false },
  idle: { type: 'string' },
  version: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

async function main(argv: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = optionsFrom(argv)
  if (options === undefined) return 2
  if (options.help || options.version) {
    process.stdout.write(options.help ? USAGE : `${VERSION}\n`)
    return 0
  }
  const where = whereToListen(options, env)
  if (where === undefined) {
    process.stderr.write('error: no socket was passed\ntry: systemctl start muster-helper.socket, or --socket <path>\n')
    return 2
  }
  return run(options, where, createLog({ level: 'info' }))
}

function optionsFrom(argv: string[]): Options | undefined {
  try {
    return parseArgs({ args: argv, options: OPTIONS, strict: true, allowPositionals: false }).values
  } catch (thrown) {
    process.stderr.write(`error: ${thrown instanceof Error ? thrown.message : String(thrown)}\n${USAGE}`)
    return undefined
  }
}

function whereToListen({ socket, group }: Options, env: NodeJS.ProcessEnv): Where | undefined {
  if (socket !== undefined) return { path: socket, ...(group === undefined ? {} : { gid: Number(group) }) }
  const passed = env.LISTEN_PID === String(process.pid) && Number(env.LISTEN_FDS) === 1
  return passed ? { fd: FIRST_FD } : undefined
}

async function run(options: Options, where: Where, log: AgentLog): Promise<number> {
  process.umask(0o077)
  const system = createSystem({ env: {} })
  const { files, clock, random, processes } = system
  const managed = !options.direct && (await files.list('/run/systemd')).includes('system')
  await loadHelperConfig(files, options.config)
  // The journal lies in a folder that nobody else may look into, made by the first file that is put there.
  await files.replace(posix.join(options.state, 'version'), `${VERSION}\n`)
  const journal = openJournal(posix.join(options.state, 'journal.db'), { now: () => clock.now() })
  journal.commands.forgetBefore(clock.now())
  const desk = createDesk({
    system,
    journal,
    log,
    programs: createPrograms({ processes, random, folders: [options.programs], managed, ownership: ownershipOf }),
    stateDir: options.state,
    configFile: options.config,
    policyFile: options.policy,
  })
  const door = await listen({ where, clock, answer: desk.answer, onFault: what => log.warn(what) })
  log.info('the helper listens', { version: VERSION, ...where, managed })
  const idleMs = idleOf(options, where)
  const ended = Promise.withResolvers<string>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.resolve(signal))
  if (idleMs !== undefined) watchIdle({ clock, idleMs, lastUse: () => door.lastUse, end: () => ended.resolve('idle') })
  const why = await ended.promise
  await door.close()
  journal.close()
  log.info('the helper ends', { why })
  return 0
}

function idleOf({ idle }: Options, where: Where): number | undefined {
  if (idle !== undefined && /^\d{1,6}$/.test(idle)) return Number(idle) * SECOND
  return 'fd' in where ? 5 * MINUTE : undefined
}

type IdleWatch = {
  readonly clock: ReturnType<typeof createSystem>['clock']
  readonly idleMs: number
  readonly lastUse: () => number
  readonly end: () => void
}

function watchIdle({ clock, idleMs, lastUse, end }: IdleWatch): void {
  const look = (): void => {
    const leftMs = lastUse() + idleMs - clock.monotonic()
    if (leftMs <= 0) end()
    else clock.after(leftMs, look)
  }
  clock.after(idleMs, look)
}

try {
  process.exitCode = await main(process.argv.slice(2), process.env)
} catch (thrown) {
  const why = asProblem(thrown)
  const said = why.code === 'internal' && thrown instanceof Error ? thrown.message : why.message
  process.stderr.write(`error: ${said} [${why.code}]\n${why.next === undefined ? '' : `try: ${why.next}\n`}`)
  process.exitCode = 1
}
