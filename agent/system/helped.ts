// SPDX-License-Identifier: Apache-2.0
/** The machine as an agent without privileges sees it: what needs some goes to the helper, with what was signed. */
import { Problem, SECOND, type TrustBundle } from '../../plugins/contract/index.ts'
import type { OutputOf } from '../helper/inputs.ts'
import { problem } from '../helper/problems.ts'
import type { Evidence } from '../helper/wire.ts'
import { type PrivilegedAct, privilegedRead, privilegedReplace, privilegedRun, type Verdict } from './privileged.ts'
import type { HelperLine } from './privileged-line.ts'
import type { System } from './system.ts'

export type HelpedParts = {
  readonly line: HelperLine
  /** What is live for the section that acts: commands that run, and its newest desired document. */
  readonly messages: () => readonly Evidence[]
  /** What the agent trusts now, should the helper know less. */
  readonly trust: () => TrustBundle | undefined
  /** Brings the helper the controller's time, for a machine whose clock is wrong. */
  readonly proveTime: (signal: AbortSignal) => Promise<void>
}

const READ_WITHIN_MS = 10 * SECOND
/** What the connection may take beyond the program's own time. */
const EXTRA_MS = 30 * SECOND
/** Refusals that a helper with an older copy of the trust bundle gives. */
const LAGGING: readonly string[] = ['unknown-key', 'bad-signature']
/** Refusals by a clock: the agent, which knows the controller's time, has let the command pass. */
const BY_CLOCK: readonly string[] = ['expired', 'not-yet-valid']

/** The same system, but for what is privileged. Throws `helper-unavailable` and the helper's refusals where it is used. */
export function createHelpedSystem(system: System, parts: HelpedParts): System {
  const { files, processes } = system
  const read = async (path: string, direct: () => Promise<Uint8Array | undefined>) => {
    const verdict = privilegedRead(path)
    if (verdict === 'direct') return direct()
    const { base64 } = (await ask(parts, verdict, {
      signal: AbortSignal.timeout(READ_WITHIN_MS),
    })) as OutputOf<'dmi.read'>
    return base64 === undefined ? undefined : new Uint8Array(Buffer.from(base64, 'base64'))
  }
  return {
    ...system,
    files: {
      ...files,
      read: path => read(path, () => files.read(path)),
      text: async path => {
        if (privilegedRead(path) === 'direct') return files.text(path)
        const bytes = await read(path, async () => undefined)
        return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
      },
      async replace(path, content, mode) {
        const verdict = privilegedReplace(path, content, mode ?? 0o600)
        if (verdict === 'direct') return files.replace(path, content, mode)
        await ask(parts, verdict, { signal: AbortSignal.timeout(EXTRA_MS) })
      },
    },
    processes: {
      async run(file, args, options) {
        const verdict = privilegedRun(file, args, options.env)
        if (verdict === 'direct') return processes.run(file, args, options)
        const { signal, timeoutMs, maxBytes } = options
        const ran = (await ask(parts, verdict, { signal, timeoutMs: timeoutMs + EXTRA_MS })) as OutputOf<'rpc.look'>
        return { code: ran.code, stdout: ran.stdout.slice(0, maxBytes), stderr: ran.stderr.slice(0, maxBytes) }
      },
    },
  }
}

type Asked = { readonly signal: AbortSignal; readonly timeoutMs?: number }

async function ask(parts: HelpedParts, verdict: Exclude<Verdict, 'direct'>, asked: Asked): Promise<unknown> {
  if (verdict === 'unknown')
    throw problem('helper-request', 'a plugin asked for a use of a program that the helper has not')
  const once = (): Promise<unknown> => askOnce(parts, verdict, asked)
  try {
    return await once()
  } catch (thrown) {
    if (!(thrown instanceof Problem && (await teach(parts, thrown.code, asked.signal)))) throw thrown
    return once()
  }
}

/** Tells a helper what it lacks, which it believes by the controller's signature and not by us. False for nothing. */
async function teach({ line, trust, proveTime }: HelpedParts, code: string, signal: AbortSignal): Promise<boolean> {
  const bundle = LAGGING.includes(code) ? trust() : undefined
  const told =
    bundle !== undefined
      ? line.ask('trust.update', { trust: bundle }, { signal })
      : BY_CLOCK.includes(code)
        ? proveTime(signal)
        : Promise.reject(new Error('nothing to tell'))
  return told.then(
    () => true,
    () => false,
  )
}

function askOnce({ line, messages }: HelpedParts, { verb, input }: PrivilegedAct, asked: Asked): Promise<unknown> {
  return line.ask(verb, input as never, { ...asked, messages: messages() }) // both members of one act
}
