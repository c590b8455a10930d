// SPDX-License-Identifier: Apache-2.0
/** Runs the program `rpc`, one run at a time, and knows which of its two command lines it has. */
import { MINUTE, type PluginHost, type RunResult, SECOND } from '../contract/index.ts'
import type { Run } from './classify.ts'
import { type Act, type CommandLine, commandLine } from './command-line.ts'
import type { ActivationOrder, AmtObserved } from './contract.ts'
import { objectsIn } from './json-output.ts'

export type Generation = NonNullable<AmtObserved['rpc']>

/** rpc may hang when no local service answers, so it gets deadlines of ours, together less than a look may take. */
const VERSION_TIMEOUT_MS = 10 * SECOND
const INFO_TIMEOUT_MS = 40 * SECOND
/** Without a local service an activation takes up to five minutes. */
export const ACT_TIMEOUT_MS = 6 * MINUTE

export type Rpc = {
  /** Runs `amtinfo`. Tells the generation too, unless rpc is not there. */
  info(signal: AbortSignal): Promise<{ readonly run: Run; readonly rpc?: Generation }>
  /** Runs `activate` or `deactivate` against the order's server. */
  act(act: Act, what: { readonly order: ActivationOrder; readonly caFile?: string }, signal: AbortSignal): Promise<Run>
  /** Whether one of those two is running, or waits for its turn. */
  readonly acting: boolean
}

/**
 * Creates the runner. The management engine serves one client at a time, so calls wait for each other. rpc gets an
 * environment without anything of ours: an exported HOSTNAME, for one, would become an override.
 */
export function rpcRunner(host: PluginHost): Rpc {
  let generation: Generation | undefined
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = last.then(act)
    last = turn.catch(() => undefined)
    return turn
  }

  let acting = 0

  async function info(signal: AbortSignal): Promise<{ readonly run: Run; readonly rpc?: Generation }> {
    if (generation === undefined) {
      const version = await call(host, VERSION, VERSION_TIMEOUT_MS, signal)
      if (version.code === -1 && !version.late) return { run: version }
      generation = generationOf(version)
    }
    const rpc = generation
    const args = ['amtinfo', rpc.generation === 'v2' ? '-json' : '--json']
    const run = await call(host, { args, env: {} }, INFO_TIMEOUT_MS, signal)
    // Another program may have taken its place; then the next run looks again which one it is.
    if (run.code !== 0) generation = undefined
    return { run, rpc }
  }

  const act: Rpc['act'] = async (name, { order, caFile }, signal) => {
    generation ??= generationOf(await call(host, VERSION, VERSION_TIMEOUT_MS, signal))
    return call(host, commandLine(name, order, generation.generation, caFile), ACT_TIMEOUT_MS, signal)
  }

  return {
    info: signal => inTurn(() => info(signal)),
    async act(name, what, signal) {
      acting++
      try {
        return await inTurn(() => act(name, what, signal))
      } finally {
        acting--
      }
    },
    get acting() {
      return acting > 0
    },
  }
}

const VERSION: CommandLine = { args: ['version', '--json'], env: {} }

async function call(host: PluginHost, line: CommandLine, timeoutMs: number, signal: AbortSignal): Promise<Run> {
  const startedAt = host.now()
  const { code, stdout, stderr } = await host.run('rpc', line.args, { signal, timeoutMs, env: line.env })
  signal.throwIfAborted()
  const late = code === -1 && (host.now() - startedAt >= timeoutMs || /took longer than/.test(stderr))
  return { code, stdout, stderr, late }
}

/**
 * Tells the generation from `rpc version --json`, which both understand. The third prints to stdout and needs no
 * management engine; the second prints to stderr, and only after it has reached one: failures to do so are its codes 1 to 4.
 */
export function generationOf({ code, stdout, stderr }: Pick<RunResult, 'code' | 'stdout' | 'stderr'>): Generation {
  const version = versionIn(stdout) ?? versionIn(stderr)
  const major = /^v?(\d{1,4})\./.exec(version ?? '')?.[1]
  const named = version === undefined ? {} : { version }
  if (major === '2' || major === '3') return { generation: `v${major}`, ...named }
  if (objectsIn(stdout.slice(0, 65_536)).some(object => 'platform' in object)) return { generation: 'v3', ...named }
  if (version !== undefined && versionIn(stdout) === undefined) return { generation: 'v2', ...named }
  return { generation: code >= 1 && code <= 4 ? 'v2' : 'unknown', ...named }
}

function versionIn(output: string): string | undefined {
  const text = output.slice(0, 65_536)
  for (const object of objectsIn(text)) {
    const version: unknown = Reflect.get(object, 'version')
    if (typeof version === 'string') return short(version)
  }
  return short(/^[ \t]*Version[ \t]+v?(\d{1,4}\.[\w.+-]{1,60})[ \t]*$/m.exec(text)?.[1])
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f]+/g

function short(version: string | undefined): string | undefined {
  const text = version?.toWellFormed().replace(UNPRINTABLE, ' ').trim().slice(0, 64).toWellFormed()
  return text === '' ? undefined : text
}
