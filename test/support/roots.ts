// SPDX-License-Identifier: Apache-2.0
/** Machines made of root file systems: booted by systemd, in a network of their own, gone with the test that made them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { baseTree, hierarchies, MASKED, ownFiles } from './roots-base.ts'

export type Said = { readonly code: number; readonly out: string; readonly err: string }

export interface Machine {
  readonly name: string
  /** Its root file system as programs in its world see it. */
  readonly root: string
  /** Writes a file into it, running or not. */
  put(path: string, content: string): Promise<void>
  /** Runs a script in it as root. */
  sh(script: string, options?: RunOptions): Promise<Said>
  /** The same, and throws with all it said unless it ends with 0. Returns what it printed. */
  ok(script: string, options?: RunOptions): Promise<string>
  /** Asks again until the script ends with 0. */
  until(script: string, withinMs: number): Promise<string>
  boot(): Promise<void>
  poweroff(): Promise<void>
}

export type RunOptions = { readonly input?: string; readonly withinMs?: number }

/** Folders of the test's own machine to be read inside, by the path they have there. */
export type Binds = Readonly<Record<string, string>>

/** A network namespace with nothing but a loopback, and machines in it. */
export interface World {
  /** A machine of its own file system, not booted yet. */
  machine(name: string, binds?: Binds): Promise<Machine>
  /** Starts a program of the test's own machine in this network; it ends with the world. */
  program(command: readonly string[]): ChildProcess
  /** Runs a script of the test's own machine in this network. */
  sh(script: string, options?: RunOptions): Promise<Said>
  close(): Promise<void>
}

const MARK = 'muster-roots'
/** In the world's own mount namespace: memory over the base, so that nothing of a machine outlives the world. */
const TREES = '/run/machines'

/**
 * Opens a world. All its processes live in one namespace of process ids whose first process dies with the test's process,
 * however that ends; the kernel then ends the rest and takes down every mount. What stays are empty control groups.
 */
export async function openWorld(): Promise<World> {
  sweep()
  const id = `${MARK}-${process.pid}-${startOf(process.pid)}-${randomBytes(3).toString('hex')}`
  const keeper = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      '-m',
      '-n',
      '-p',
      '-f',
      '--kill-child=KILL',
      '--mount-proc',
      '--propagation',
    ].concat([
      'private',
      'sh',
      '-c',
      'ip link set lo up; mount -t tmpfs -o mode=0755 none /run; echo 127.0.0.1 localhost ctl.local > /run/hosts; mount --bind /run/hosts /etc/hosts; echo ready; exec sleep infinity',
    ]),
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await new Promise((resolve, reject) => {
    keeper.stdout?.once('data', resolve)
    keeper.once('exit', code => reject(new Error(`no world: unshare ended with ${code}`)))
  })
  const first = childOf(keeper.pid ?? 0)
  const into = ['nsenter', '-t', String(first), '-m', '-n', '-p', '--']
  return {
    machine: (name, binds = {}) => createMachine({ name, id: `${id}-${name}`, into, binds }),
    program: ([file = '', ...args]) =>
      spawn('nsenter', ['-t', String(first), '-m', '-n', '-p', '--', file, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    sh: (script, options) => run(['nsenter', '-t', String(first), '-m', '-n', '--', 'sh', '-ec', script], options),
    close: async () => {
      const gone = new Promise(resolve => keeper.once('exit', resolve))
      keeper.kill('SIGKILL')
      await gone
      await eventually(() => !existsSync(`/proc/${first}`), 10_000, 'the world does not end')
      clearGroups(id)
    },
  }
}

type Making = {
  readonly name: string
  readonly id: string
  readonly into: readonly string[]
  readonly binds: Binds
}

async function createMachine({ name, id, into, binds }: Making): Promise<Machine> {
  const [over, dir] = [`${TREES}/${name}.over`, `${TREES}/${name}`]
  const outside = (script: string, input = ''): Promise<Said> => run([...into, 'sh', '-ec', script], { input })
  const put: Machine['put'] = async (path, content) => {
    const file = `${dir}/${path}`
    const said = await outside(`mkdir -p "$(dirname ${file})"; cat > ${file}`, content)
    if (said.code !== 0) throw new Error(`${path}: ${said.err}`)
  }
  const layers = `lowerdir=${baseTree()},upperdir=${over}/upper,workdir=${over}/work`
  const laid = await outside(`mkdir -p ${over}/upper ${over}/work ${dir}; mount -t overlay -o ${layers} none ${dir}`)
  if (laid.code !== 0) throw new Error(`${name}: ${laid.err}`)
  for (const [path, content] of Object.entries(ownFiles(name, randomBytes(16).toString('hex'))))
    await put(path, content)
  await outside(`cd ${dir}/etc/systemd/system; for unit in ${MASKED.join(' ')}; do ln -sf /dev/null $unit; done`)
  let shell: ChildProcess | undefined
  let leader = 0
  const sh: Machine['sh'] = (script, options) => {
    const enter = ['nsenter', '-t', String(leader), '-m', '-u', '-i', '-n', '-p', '-C', '--']
    const clean = ['env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']
    return run([...enter, ...clean, 'HOME=/root', 'LANG=C.UTF-8', 'sh', '-c', script], options)
  }
  const ok: Machine['ok'] = async (script, options) => {
    const said = await sh(script, options)
    if (said.code !== 0) throw new Error(`${name}: ${script}\nended with ${said.code}\n${said.out}\n${said.err}`)
    return said.out
  }
  return {
    name,
    root: dir,
    put,
    sh,
    ok,
    until: async (script, withinMs) => {
      const deadline = performance.now() + withinMs
      for (;;) {
        const said = await sh(script)
        if (said.code === 0) return said.out
        if (performance.now() > deadline)
          throw new Error(`${name}: not within ${withinMs} ms: ${script}\n${said.out}\n${said.err}`)
        await pause(200)
      }
    },
    boot: async () => {
      const groups = hierarchies().map(path => join(path, id))
      for (const group of groups) mkdirSync(group, { recursive: true })
      // The groups that systemd makes lie below; without this, two machines would share them.
      const enter = groups.map(group => `echo $$ > ${group}/cgroup.procs`).join('; ')
      const nspawn = ['systemd-nspawn', '--quiet', '--keep-unit', '--register=no', '--boot', `--directory=${dir}`]
      const shown = Object.entries(binds).map(([path, folder]) => `--bind-ro=${folder}:${path}`)
      const command = [...into, ...nspawn, ...shown, `--machine=${name}`, `--hostname=${name}`].join(' ')
      shell = spawn('sh', ['-c', `${enter}; exec ${command}`], { stdio: ['ignore', 'pipe', 'pipe'] })
      let [ended, console] = [false, '']
      for (const stream of [shell.stdout, shell.stderr])
        stream?.setEncoding('utf8').on('data', text => {
          console = (console + text).slice(-4_000)
        })
      shell.once('exit', () => {
        ended = true
      })
      await eventually(
        () => {
          leader = ended ? -1 : (firstProcessIn(groups) ?? 0)
          return leader !== 0
        },
        20_000,
        `${name} does not boot`,
      )
      if (leader === -1) throw new Error(`${name} does not boot:\n${console}`)
      await eventually(
        async () => /running|degraded/.test((await sh('systemctl is-system-running')).out),
        40_000,
        `${name} does not come up`,
      )
    },
    poweroff: async () => {
      const gone = new Promise(resolve => shell?.once('exit', resolve))
      await sh('systemctl poweroff')
      await gone
      leader = 0
    },
  }
}

/** The process that is number one inside, by its number outside. */
function firstProcessIn(groups: readonly string[]): number | undefined {
  for (const group of groups) {
    for (const pid of processesBelow(group)) {
      const ids = numbersOf(pid)
      if (ids.length >= 3 && ids.at(-1) === '1' && read(`/proc/${pid}/comm`).trim() === 'systemd') return pid
    }
  }
  return undefined
}

/** A process by its number here, in the world, and in its machine. */
function numbersOf(pid: number): readonly string[] {
  return /^NSpid:\s*(.*)$/m.exec(read(`/proc/${pid}/status`))?.[1]?.split(/\s+/) ?? []
}

function processesBelow(group: string): readonly number[] {
  return foldersBelow(group).flatMap(folder =>
    read(join(folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number),
  )
}

/** A folder and all below it, deepest first. */
function foldersBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const below = readdirSync(folder, { withFileTypes: true }).filter(each => each.isDirectory())
  return [...below.flatMap(each => foldersBelow(join(folder, each.name))), folder]
}

function clearGroups(prefix: string): void {
  for (const hierarchy of hierarchies()) {
    for (const name of readdirSync(hierarchy)) {
      if (!name.startsWith(prefix)) continue
      for (const folder of foldersBelow(join(hierarchy, name))) {
        try {
          rmdirSync(folder)
        } catch {
          // A process that is just ending is still in it; the next sweep takes it.
        }
      }
    }
  }
}

/** Clears away what runs left behind that could not do it themselves: their processes and groups. */
function sweep(): void {
  for (const hierarchy of hierarchies()) {
    for (const name of readdirSync(hierarchy)) {
      if (!isStale(name)) continue
      for (const pid of processesBelow(join(hierarchy, name))) spawnSync('kill', ['-KILL', String(pid)])
      clearGroups(name)
    }
  }
}

/** Names carry who made them: a process id, and when that process began, for ids are used again. */
function isStale(name: string): boolean {
  const [, pid, start] = new RegExp(`^${MARK}-(\\d+)-(\\d+)-`).exec(name) ?? []
  return pid !== undefined && startOf(Number(pid)) !== start
}

function startOf(pid: number): string {
  return read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? ''
}

function childOf(pid: number): number {
  return Number(read(`/proc/${pid}/task/${pid}/children`).trim().split(' ')[0])
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function run(command: readonly string[], { input, withinMs = 120_000 }: RunOptions = {}): Promise<Said> {
  const [file = '', ...args] = command
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', text => (out += text))
  child.stderr.setEncoding('utf8').on('data', text => (err += text))
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      clearTimeout(timer)
      resolve({ code: code ?? -1, out, err })
    })
  })
}

async function eventually(holds: () => boolean | Promise<boolean>, withinMs: number, otherwise: string): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(otherwise)
    await pause(50)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
