// SPDX-License-Identifier: Apache-2.0
/** A real helper process in a folder of its own, with programs that only write down how they were called. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InputOf, Verb } from '../../agent/helper/inputs.ts'
import { writeTrustCopy } from '../../agent/helper/trust-copy.ts'
import type { Evidence } from '../../agent/helper/wire.ts'
import { createFiles } from '../../agent/system/files.ts'
import { helperLine } from '../../agent/system/privileged-line.ts'
import {
  type CommandHead,
  type DesiredHead,
  formatTime,
  MINUTE,
  newUlid,
  type Problem,
} from '../../plugins/contract/index.ts'
import { digestOf, type NewSigningKey, signHead } from '../../provisioning/pki/signing.ts'
import { createInstallation, type Installation, NAMES } from '../unit/agent/identity/fixtures.ts'
import { until } from './controller.ts'

const MAIN = fileURLToPath(new URL('../../agent/helper/main.ts', import.meta.url))
export const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count))

export interface HelperStand {
  readonly dir: string
  readonly socket: string
  readonly installation: Installation
  /** What the log has so far, one object for each line. */
  log(): readonly any[]
  /** How programs were called so far, one line each. */
  calls(): readonly string[]
  /** Makes a program; the default one writes down its name and arguments, and ends with 0. */
  program(name: string, script?: string, mode?: number): void
  ask<V extends Verb>(verb: V, input: InputOf<V>, messages?: readonly Evidence[], signal?: AbortSignal): Promise<any>
  /** The problem that a request is refused with; fails when it is not. */
  refusal<V extends Verb>(verb: V, input: InputOf<V>, messages?: readonly Evidence[]): Promise<Problem>
  /** Forgets the log and the calls so far, and what the owner of the machine has written. */
  forget(): void
  start(): Promise<void>
  kill(how?: NodeJS.Signals): Promise<number | null>
  end(): Promise<void>
}

export type StandOptions = { readonly args?: readonly string[]; readonly enrolled?: boolean }

export async function helperStand({ args = [], enrolled = true }: StandOptions = {}): Promise<HelperStand> {
  const dir = mkdtempSync(join(tmpdir(), 'muster-helper-'))
  const [socket, calls, state] = [join(dir, 'helper.sock'), join(dir, 'calls'), join(dir, 'state')]
  mkdirSync(join(dir, 'programs'), { mode: 0o755 })
  const installation = await createInstallation(Date.now() - MINUTE)
  if (enrolled) await writeTrustCopy(createFiles(), state, { ...NAMES, trust: installation.bundle() })
  let child: ChildProcess | undefined
  let log = ''
  const line = helperLine(socket)
  const stand: HelperStand = {
    dir,
    socket,
    installation,
    log: () =>
      log
        .slice(0, log.lastIndexOf('\n') + 1)
        .split('\n')
        .filter(Boolean)
        .map(each => JSON.parse(each)),
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').split('\n').filter(Boolean) : []),
    program(name, script = '', mode = 0o755) {
      const path = join(dir, 'programs', name)
      writeFileSync(
        path,
        `#!/bin/sh\nprintf '%s' "${name}" >> ${calls}\nfor each in "$@"; do printf ' [%s]' "$each" >> ${calls}; done\necho >> ${calls}\n${script}\n`,
      )
      chmodSync(path, mode)
    },
    ask: (verb, input, messages = [], signal = new AbortController().signal) =>
      line.ask(verb, input, { messages, signal, timeoutMs: 20_000 }).finally(whatWasLogged),
    refusal: (verb, input, messages) =>
      stand.ask(verb, input, messages).then(
        output => Promise.reject(new Error(`it was done: ${JSON.stringify(output)}`)),
        problem => problem as Problem,
      ),
    forget() {
      log = ''
      for (const each of [calls, join(dir, 'helper.yaml'), join(dir, 'policy.yaml')]) rmSync(each, { force: true })
    },
    async start() {
      const settings = {
        state,
        config: join(dir, 'helper.yaml'),
        policy: join(dir, 'policy.yaml'),
        programs: join(dir, 'programs'),
      }
      const named = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
      child = spawn(process.execPath, [MAIN, '--socket', socket, '--direct', ...named, ...args], {
        stdio: ['ignore', 'inherit', 'pipe'],
      })
      const ready = Promise.withResolvers<void>()
      let said = ''
      child.stderr?.on('data', chunk => {
        log += chunk
        said += chunk
        if (said.includes('"the helper listens"')) ready.resolve()
      })
      child.once('exit', () => ready.reject(new Error(`the helper ended: ${log}`)))
      await ready.promise
      ready.promise.catch(() => undefined)
    },
    async kill(how = 'SIGKILL') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
      const gone = new Promise<number | null>(resolve => child?.once('exit', code => resolve(code)))
      child.kill(how)
      return gone
    },
    async end() {
      await stand.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return stand
}

/** The helper writes its log before its answer, so what there is to read is there; each turn reads some of it. */
async function whatWasLogged(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
}

/** Resolves once something holds; rejects after a time. */
export async function soon(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  await until(async () => holds(), Boolean, withinMs)
}

type Signer = { readonly key?: NewSigningKey; readonly at?: number }

/** A signed command of the stand's installation. */
export function commandOf(
  { installation }: Pick<HelperStand, 'installation'>,
  more: Partial<CommandHead> & { readonly section: string; readonly name: string },
  { input = {}, key = installation.command, at = Date.now() }: Signer & { readonly input?: unknown } = {},
): Evidence {
  const head: CommandHead = {
    ...{
      v: 1,
      ...NAMES,
      epoch: 0,
      issuedAt: formatTime(at),
      id: newUlid(at, random),
      expiresAt: formatTime(at + MINUTE),
    },
    ...{ inputDigest: digestOf(input), principal: 'person:anna', approvals: [], sequence: 1, ...more },
  }
  return { kind: 'command', message: { head, input, kid: key.kid, sig: signHead('command', head, key.privateKey) } }
}

/** A signed desired document of the stand's installation. */
export function desiredOf(
  { installation }: Pick<HelperStand, 'installation'>,
  content: unknown,
  more: Partial<DesiredHead> & { readonly section: string },
  { key = installation.command, at = Date.now() }: Signer = {},
): Evidence {
  const head: DesiredHead = {
    ...{ v: 1, ...NAMES, epoch: 0, issuedAt: formatTime(at), revision: 1, contentDigest: digestOf(content), ...more },
  }
  return { kind: 'desired', message: { head, content, kid: key.kid, sig: signHead('desired', head, key.privateKey) } }
}
