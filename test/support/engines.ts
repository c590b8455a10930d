// SPDX-License-Identifier: Apache-2.0
/** Container engines of the tests' own: docker or podman in namespaces of their own, which die with whoever started them. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ROOT } from '../arch/tree.ts'

export type EngineKind = 'docker' | 'podman'

export interface Engine {
  readonly kind: EngineKind
  /** What stands before the names of loaded images. */
  readonly registry: string
  /** Runs the docker client against this engine; rejects with what it complained about. */
  docker(args: readonly string[], options?: DockerOptions): Promise<string>
  /** Ends the engine with every container, and removes what it kept. */
  close(): Promise<void>
}

export type DockerOptions = { readonly env?: Readonly<Record<string, string>>; readonly timeoutMs?: number }

/** Folder with the client's plugin `docker compose`, where it is not installed for everybody. */
const PLUGINS = join(ROOT, 'node_modules/.cache/containers/docker')
const PREFIX = 'muster-engine-'
const CGROUPS = '/sys/fs/cgroup'

/** Why an engine cannot be started here; `undefined` when nothing is known to be missing. */
export function whyNoEngine(kind: EngineKind): string | undefined {
  if (process.getuid?.() !== 0) return 'an engine needs root'
  const tools = [
    'docker',
    'unshare',
    'setpriv',
    'ip',
    ...(kind === 'docker' ? ['dockerd', 'containerd'] : ['podman', 'netavark', 'aardvark-dns']),
  ]
  const missing = tools.filter(tool => !isInstalled(tool))
  if (missing.length > 0) return `there is no ${missing.join(', ')}`
  const { status } = spawnSync('docker', ['compose', 'version'], { env: clientEnv('') })
  return status === 0 ? undefined : 'docker has no compose (test/containers/fetch-tools.sh fetches it)'
}

function isInstalled(tool: string): boolean {
  const folders = ['/usr/libexec/podman', '/usr/lib/podman', ...(process.env.PATH ?? '').split(':')]
  return folders.some(folder => existsSync(join(folder, tool)))
}

function clientEnv(socket: string): NodeJS.ProcessEnv {
  const plugins = existsSync(PLUGINS) ? { DOCKER_CONFIG: PLUGINS } : {}
  return { ...process.env, ...plugins, DOCKER_HOST: `unix://${socket}` }
}

/** Starts an engine. Rejects with the end of its log when it does not answer within half a minute. */
export async function startEngine(kind: EngineKind): Promise<Engine> {
  sweep()
  const folder = join(tmpdir(), `${PREFIX}${process.pid}-${kind}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const socket = join(folder, 'engine.sock')
  const log = join(folder, 'log')
  const child = inOwnNamespaces(kind === 'docker' ? dockerd(folder, socket) : podman(folder, socket), log)
  const docker: Engine['docker'] = async (args, { env = {}, timeoutMs = 120_000 } = {}) => {
    const options = { env: { ...clientEnv(socket), ...env }, timeout: timeoutMs, maxBuffer: 64 * 1_048_576 }
    return (await promisify(execFile)('docker', [...args], options)).stdout
  }
  const close = async (): Promise<void> => {
    await ended(child)
    await removed(folder)
    removeCgroups(`${PREFIX}${process.pid}`)
    // Podman's own choice; what somebody else uses is not empty and stays.
    if (kind === 'podman') removeCgroups('libpod_parent')
  }
  for (let tries = 0; tries < 60; tries++) {
    const answered = await docker(['version', '--format', '{{.Server.Version}}']).catch(() => undefined)
    if (answered !== undefined) return { kind, registry: kind === 'docker' ? '' : 'localhost/', docker, close }
    if (child.exitCode !== null || child.signalCode !== null) break
    await after(500)
  }
  const said = readFileSync(log, 'utf8').slice(-2_000)
  await close()
  throw new Error(`${kind} does not come up:\n${said}`)
}

/**
 * Processes, mounts and network end with the first process of a namespace, and that ends with us, however we end: nothing
 * stays behind when a test is killed but files, which the next one sweeps away.
 */
function inOwnNamespaces(command: string, log: string): ChildProcess {
  const out = openSync(log, 'a')
  const unshare = ['unshare', '--mount', '--pid', '--net', '--fork', '--kill-child=KILL', '--mount-proc']
  // Engines name network namespaces below /run, where the names would outlive them.
  const script = `mount -t tmpfs tmpfs /run && ip link set lo up && exec ${command}`
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...unshare, 'sh', '-c', script], { stdio: ['ignore', out, out] })
}

function dockerd(folder: string, socket: string): string {
  const places = `--data-root ${folder}/data --exec-root ${folder}/exec -p ${folder}/pid -H unix://${socket}`
  return `dockerd ${places} --userland-proxy=false --cgroup-parent=/${PREFIX}${process.pid}`
}

/** Podman's own settings do not fit a machine with both kinds of control groups, or one that may not raise limits. */
function podman(folder: string, socket: string): string {
  const settings = [
    '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"',
    '[containers]\ndefault_ulimits = ["nofile=20000:20000","nproc=8192:8192"]\nlog_driver = "k8s-file"',
    '[network]\nnetwork_backend = "netavark"\n',
  ]
  writeFileSync(join(folder, 'containers.conf'), settings.join('\n'))
  writeFileSync(
    join(folder, 'storage.conf'),
    `[storage]\ndriver = "overlay"\nrunroot = "${folder}/run"\ngraphroot = "${folder}/data"\n`,
  )
  const env = `CONTAINERS_CONF=${folder}/containers.conf CONTAINERS_STORAGE_CONF=${folder}/storage.conf`
  return `env ${env} podman --tmpdir ${folder}/tmp system service --time=0 unix://${socket}`
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** The last mounts below it go with the last process, which takes the kernel a moment. */
async function removed(folder: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return rmSync(folder, { recursive: true, force: true })
    } catch (thrown) {
      if (tries > 50) throw thrown
      await after(100)
    }
  }
}

/** What engines left whose owner was killed. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^muster-engine-(\d+)-/.exec(name)?.[1])
    if (!(pid > 0) || pid === process.pid || existsSync(`/proc/${pid}`)) continue
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
    removeCgroups(`${PREFIX}${pid}`)
  }
}

/** Groups are empty by then; those of the newest containers take the kernel a moment, and the next sweep takes them. */
function removeCgroups(name: string): void {
  for (const hierarchy of [CGROUPS, ...readdirSync(CGROUPS).map(each => join(CGROUPS, each))]) {
    const group = join(hierarchy, name)
    if (!existsSync(group)) continue
    const inside = readdirSync(group, { recursive: true, withFileTypes: true }).filter(each => each.isDirectory())
    const deepestFirst = inside.map(each => join(each.parentPath, each.name)).sort((a, b) => b.length - a.length)
    for (const folder of [...deepestFirst, group]) {
      try {
        rmdirSync(folder)
      } catch {
        // Still in use for a moment.
      }
    }
  }
}
