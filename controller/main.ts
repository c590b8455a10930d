// SPDX-License-Identifier: Apache-2.0
/** The program muster-controller: reads its arguments, starts a controller, and starts it anew after a restore. */
import { parseArgs } from 'node:util'
import { asProblem, Problem, SECOND } from '../plugins/contract/index.ts'
import { load, type Resolved, resolveConfig } from './config.ts'
import { startController } from './controller.ts'
import { makeSetup } from './kernel/principals.ts'
import { problem as kernelProblem } from './kernel/problems.ts'
import { createLogs } from './log.ts'
import { catalog } from './modules/catalog.ts'
import { takeRestored } from './restore.ts'
import { openSqlite } from './store/sqlite.ts'
import { realClock, realRandom, sha256 } from './system/clock.ts'
import { openFolder, problem, refuseSecond } from './system/folder.ts'
import { collectAfterRushes } from './system/garbage.ts'
import { VERSION } from './version.ts'

const USAGE = `Usage: muster-controller <command> [options]

Commands:
  run          start the controller
  admin link   print a one-time link that makes its user an administrator
  admin token  make a join token, beside a running controller
  version      print the version

Options:
  --config FILE    a configuration file; may be given several times, later ones win
  --print-config   print what the configuration comes to, and stop (run)
  --uses N         how many machines the token is good for, 1 to 10000 (admin token; 1)
  --hours N        how long it is good, 1 to 720 (admin token; 1)
  --project NAME   the project its machines come into (admin token; default)
  --wait SECONDS   wait so long for the controller to come up, 1 to 3600 (admin token; not at all)
  --out FILE       a file of mode 0600 to write it to, in place of the screen (admin token)
  --help           print this

Examples:
  muster-controller run
  muster-controller run --config packaging/profiles/oob.yaml
  muster-controller admin link --config /etc/muster-controller/config.yaml
  muster-controller admin token --uses 100 --hours 24 --out /join/token
`

const surroundings = { clock: realClock, random: realRandom, digest: sha256 } as const

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: { type: 'string', multiple: true },
      'print-config': { type: 'boolean' },
      uses: { type: 'string', default: '1' },
      hours: { type: 'string', default: '1' },
      project: { type: 'string', default: 'default' },
      wait: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  })
  const command = positionals.join(' ')
  if (command === 'version' || values.version === true) say(VERSION)
  else if (values.help === true || command === '' || command === 'help') say(USAGE)
  else if (command === 'run' && values['print-config'] === true)
    say(JSON.stringify(resolveConfig(load(values.config ?? [], process.env)), null, 2))
  else if (command === 'run') return run(resolveConfig(load(values.config ?? [], process.env)))
  else if (command === 'admin link') return adminLink(resolveConfig(load(values.config ?? [], process.env)))
  else if (positionals[0] === 'restore' && positionals.length === 2)
    return restore(resolveConfig(load(values.config ?? [], process.env)), positionals[1] ?? '')
  else if (command === 'admin token') return adminToken(resolveConfig(load(values.config ?? [], process.env)), values)
  else {
    process.stderr.write(`error: there is no command ${command}\ntry: muster-controller --help\n`)
    return 2
  }
  return 0
}

async function run(config: Resolved): Promise<number> {
  process.umask(0o077)
  const folder = openFolder(config.dataDir)
  refuseSecond(folder)
  const logs = createLogs(config.logLevel)
  const stopping = stopSignal()
  collectAfterRushes(surroundings)
  for (;;) {
    const restored = takeRestored(folder, config, realClock.now())
    const controller = await startController({ config, surroundings, logs })
    const urls = controller.urls.map(url => url.href)
    folder.writeNote({
      pid: process.pid,
      urls,
      bus: `:${controller.busPort}`,
      rootFingerprint: controller.rootFingerprint,
      version: VERSION,
    })
    say(`${restored ? 'Controller is up again on the restored database' : 'Controller is up'}: ${urls.join(' ')}`)
    say(`CA fingerprint sha256:${controller.rootFingerprint}`)
    if (controller.needsSetup) say(`Become the administrator (one-time, 60 min): ${await controller.setupLink()}`)
    const why = await Promise.race([stopping, controller.restart.then(() => 'restart' as const)])
    await controller.stop()
    folder.removeNote()
    if (why === 'stop') return 0
  }
}

function stopSignal(): Promise<'stop'> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stop'))
  })
}

/** Works beside a running controller: both write to one database, and SQLite takes turns. */
async function adminLink(config: Resolved): Promise<number> {
  process.umask(0o077)
  const folder = openFolder(config.dataDir)
  const url = folder.readNote()?.urls.find(each => each.startsWith('https:'))
  const store = openSqlite(config.storeFile)
  try {
    const base =
      config.url ??
      (url === undefined ? 'https://localhost:8443' : url.replace('0.0.0.0', 'localhost').replace(/\/$/, ''))
    say(`${base}/setup#${await makeSetup({ ...surroundings, store })}`)
    return 0
  } finally {
    await store.close()
  }
}

/** The way back after an upgrade that did not do well: the older program, and the copy it left. */
async function restore(config: Resolved, file: string): Promise<number> {
  process.umask(0o077)
  const { restoreOffline } = await import('./restore-offline.ts')
  const takenAt = await restoreOffline({ config, surroundings, logs: createLogs(config.logLevel), file })
  say(`The backup of ${takenAt} lies ready. Start the controller: it keeps the present database beside it`)
  return 0
}

type TokenWish = {
  readonly uses: string
  readonly hours: string
  readonly project: string
  readonly wait?: string | undefined
  readonly out?: string | undefined
}

/** What containers and scripts that bring up a whole fleet start from; works beside a running controller like the link. */
async function adminToken(config: Resolved, { uses, hours, project, wait, out }: TokenWish): Promise<number> {
  process.umask(0o077)
  const wish = { uses: countOf('--uses', uses, 10_000), hours: countOf('--hours', hours, 720), project }
  const folder = openFolder(config.dataDir)
  const until = realClock.monotonic() + (wait === undefined ? 0 : countOf('--wait', wait, 3_600)) * SECOND
  const never = new AbortController().signal
  while (folder.readNote() === undefined && realClock.monotonic() < until) await realClock.sleep(SECOND / 4, never)
  const note = folder.readNote()
  if (note === undefined) throw problem('not-running', config.dataDir)
  const makeToken = await tokenMaker(config)
  const store = openSqlite(config.storeFile)
  try {
    const token = await makeToken({ ...wish, store, rootFingerprint: note.rootFingerprint }, surroundings)
    if (out === undefined) say(token)
    else folder.handOut(out, `${token}\n`)
    return 0
  } finally {
    await store.close()
  }
}

/** Throws `module-graph` when no module of this controller lets machines in. */
async function tokenMaker(config: Resolved) {
  for (const name of Object.keys(config.modules)) {
    const { ownerToken } = (await catalog[name]?.()) ?? {}
    if (ownerToken !== undefined) return ownerToken
  }
  throw kernelProblem('module-graph', 'no module of this controller makes join tokens')
}

/** Throws what `parseArgs` throws for a value that does not fit. */
function countOf(option: string, text: string, most: number): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  throw Object.assign(new TypeError(`${option} takes a number from 1 to ${most}`), { code: 'ERR_PARSE_ARGS_VALUE' })
}

function report(thrown: unknown): number {
  if (thrown instanceof Problem) {
    process.stderr.write(
      `error: ${thrown.message} [${thrown.code}]\n${thrown.next === undefined ? '' : `try: ${thrown.next}\n`}`,
    )
    return 1
  }
  if (thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`error: ${thrown.message}\ntry: muster-controller --help\n`)
    return 2
  }
  process.stderr.write(
    `error: ${asProblem(thrown).title}: ${thrown instanceof Error ? thrown.message : String(thrown)} [internal]\n`,
  )
  return 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  // What had begun before the failure may hold the process; it must not look as if it ran.
  process.exit(report(thrown))
}
