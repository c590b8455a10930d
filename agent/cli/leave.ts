// SPDX-License-Identifier: Apache-2.0
/** `muster-agent leave`: this machine is no host any more: tells the controller, then destroys the identity. */
import { stat } from 'node:fs/promises'
import { asProblem } from '../../plugins/contract/index.ts'
import { DEFAULT_STATE_DIR as HELPER_STATE_DIR } from '../helper/trust-copy.ts'
import type { Identity } from '../identity/identity.ts'
import { sayGoodbye } from '../identity/leave.ts'
import { problem } from '../problems.ts'
import { EXIT, exitCodeOf } from './exit.ts'
import type { LeaveArguments } from './program.ts'
import { shredFolder } from './shred.ts'
import { actingAs, serviceUser, type User } from './state-owner.ts'
import { isAlive, readStatus } from './status-file.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

/**
 * 0 when the machine is no host any more, also when the controller could not be told: then the output says what to do
 * there. Throws `agent-running` and `leave-unconfirmed`.
 */
export async function leave(args: LeaveArguments, terminal: Terminal): Promise<number> {
  const around = await surroundings(args.config)
  const { system, config } = around
  const user = await ownerOf(config.stateDir, await serviceUser(system.files, args.user))
  const running = await readStatus(system, around.statusFile)
  if (running !== undefined && isAlive(running.pid)) throw problem('agent-running', `process ${running.pid}`)
  const [identity] = await around.identities.candidates().catch(() => [])
  if (args.yes !== true && !(await confirmed(identity, config.stateDir, terminal))) return EXIT.conflict
  const told = identity === undefined || args.tell === false ? undefined : await tell(around, identity, terminal)
  const shredded =
    (await actingAs(user, () => shredFolder(config.stateDir))) +
    (process.getuid?.() === 0 ? await shredFolder(args.helperState ?? HELPER_STATE_DIR) : 0)
  terminal.out(`Overwrote and removed ${shredded} files below ${config.stateDir}.\n`)
  terminal.err('note: flash, snapshots and journalling file systems may keep older copies of what was overwritten\n')
  if (identity !== undefined && told !== true)
    terminal.err(
      `note: ${identity.url} still counts this machine as ${identity.host}\ntry: muster host delete ${identity.host}\n`,
    )
  return EXIT.done
}

/** The user, unless the folder is somebody else's: then we act as who we are. */
async function ownerOf(dir: string, user: User | undefined): Promise<User | undefined> {
  const there = await stat(dir).catch(() => undefined)
  return there?.uid === user?.uid ? user : undefined
}

async function confirmed(identity: Identity | undefined, dir: string, terminal: Terminal): Promise<boolean> {
  if (terminal.ask === undefined) throw problem('leave-unconfirmed')
  const who = identity === undefined ? `whatever lies in ${dir}` : `${identity.host} at ${identity.url}`
  return terminal.ask(`This destroys the identity of this machine (${who}). Go on?`)
}

/** False when the controller could not be told; it must not keep the machine from leaving. */
async function tell({ system }: Surroundings, identity: Identity, terminal: Terminal): Promise<boolean> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  try {
    await sayGoodbye({ system, identity, signal: stop.signal })
    terminal.out(`${identity.url} knows that ${identity.host} has left.\n`)
    return true
  } catch (thrown) {
    const why = asProblem(thrown)
    terminal.err(`note: the controller could not be told: ${why.message} [${why.code}, ${exitCodeOf(why)}]\n`)
    return false
  }
}
