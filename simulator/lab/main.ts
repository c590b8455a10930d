// SPDX-License-Identifier: Apache-2.0
/** `npm start`: brings the lab up, says how to use it, and takes it down again on Ctrl-C. */
import { parseArgs } from 'node:util'
import { Problem } from '../../plugins/contract/index.ts'
import { cleanLab, openLab } from './folder.ts'
import { type Lab, startLab } from './lab.ts'

const DIR = '.lab'
const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      clean: { type: 'boolean' },
      hosts: { type: 'string', default: '20' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) {
    say(
      'npm start [-- --hosts N]   a controller, this machine and N simulated hosts (20)\nnpm run lab:clean          remove what the lab left behind',
    )
    return 0
  }
  if (values.clean === true) return clean()
  const hosts = Number(values.hosts)
  if (!Number.isInteger(hosts) || hosts < 0 || hosts > 1_000) {
    process.stderr.write('error: --hosts is a number from 0 to 1000\n')
    return 2
  }
  return up(hosts)
}

function clean(): number {
  const note = openLab(DIR).controllerNote()
  if (note !== undefined && isAlive(note.pid)) {
    process.stderr.write('error: the lab is running; stop it first with Ctrl-C\n')
    return 1
  }
  cleanLab(DIR)
  say(`removed ${DIR}`)
  return 0
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function up(hosts: number): Promise<number> {
  const began = performance.now()
  const folder = openLab(DIR)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`
  say(`Muster lab in ${folder.dir}${folder.used ? ' (as it was left)' : ''}`)
  let lab: Lab
  try {
    lab = await startLab({
      folder,
      hosts,
      signal: stopping.signal,
      say: line => say(`  ${seconds().padStart(7)}  ${line}`),
    })
  } catch (thrown) {
    if (stopping.signal.aborted) return 130
    throw thrown
  }
  say(readyText(lab, { hosts, took: seconds(), home: folder.path('cli') }))
  for (const { name, ended, command } of lab.programs) {
    void ended.then(() => {
      if (!stopping.signal.aborted) say(`${name} has ended; the rest goes on. Start it again: ${command}`)
    })
  }
  await new Promise<void>(resolve => stopping.signal.addEventListener('abort', () => resolve(), { once: true }))
  say('stopping …')
  await lab.stop()
  say('stopped; `npm start` takes it up again, `npm run lab:clean` removes it')
  return 0
}

function readyText(
  { url, setupLink, hosts: online }: Lab,
  { hosts, took, home }: { hosts: number; took: string; home: string },
): string {
  const real = online.find(host => !host.simulated)?.resourceId ?? 'HOST'
  const simulated = online.find(host => host.simulated)?.resourceId ?? 'HOST'
  return `
Muster lab is ready after ${took}: ${online.length} hosts online (this machine, and ${hosts} simulated)

  Address        ${url}
  One-time link  ${setupLink}

In another terminal, in this folder:

  export MUSTER_HOME=${home}
  npx muster host ls
  npx muster host inventory ${real}
  npx muster host reboot ${simulated} --reason "trying it out" --wait -y
  npx muster events -w
  npx muster audit ls

Ctrl-C stops it all.
`
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  const next = thrown instanceof Problem && thrown.next !== undefined ? `\ntry: ${thrown.next}` : ''
  process.stderr.write(`error: ${thrown instanceof Error ? thrown.message : String(thrown)}${next}\n`)
  process.exitCode = 1
}
