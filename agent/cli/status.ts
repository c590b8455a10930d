// SPDX-License-Identifier: Apache-2.0
/** `muster-agent status`: how the agent on this machine is. */
import { formatSkew } from '../identity/floor.ts'
import { lookAtHelper } from './privileged-look.ts'
import { isAlive, readStatus, type StatusNote } from './status-file.ts'
import { surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

const NOT_RUNNING = 3

/** 0 when it runs, 3 when it does not, as systemctl has it. */
export async function status(
  options: { readonly config: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { system, identities, statusFile, config } = await surroundings(options.config)
  const note = await readStatus(system, statusFile)
  const alive = note !== undefined && isAlive(note.pid)
  const [identity] = await identities.candidates().catch(() => [])
  const helper = await lookAtHelper(config.helper, identity)
  const enrolled =
    identity === undefined
      ? undefined
      : {
          host: identity.host,
          project: identity.project,
          url: identity.url,
          certificateUntil: new Date(identity.notAfter).toISOString(),
        }
  if (options.json === true) {
    terminal.out(
      `${JSON.stringify({ running: alive, enrolled: enrolled ?? null, helper, ...(alive ? note : {}) }, null, 2)}\n`,
    )
    return alive ? 0 : NOT_RUNNING
  }
  if (enrolled === undefined) terminal.out('not enrolled\n')
  else
    terminal.out(
      `host         ${enrolled.host} in project ${enrolled.project}\ncontroller   ${enrolled.url}\ncertificate  until ${enrolled.certificateUntil}\n`,
    )
  terminal.out(alive ? describe(note) : 'agent        not running\n')
  if (helper.state === 'sound') terminal.out(`helper       ${helper.version} at ${helper.socket}\n`)
  if (helper.state === 'faulty') terminal.out(`helper       ${helper.why} (${helper.socket})\n`)
  return alive ? 0 : NOT_RUNNING
}

function describe({ pid, status: is }: StatusNote): string {
  const { link } = is
  const why =
    link.problem === undefined
      ? ''
      : ` (${link.problem.title}${link.problem.detail === undefined ? '' : `: ${link.problem.detail}`})`
  const lines = [
    `agent        ${is.version}, process ${pid}`,
    `link         ${link.phase}${link.transport === undefined ? '' : ` over ${link.transport}`}${link.standing === 'quarantined' ? ', quarantined' : ''}${why}`,
    `clock        ${formatSkew(is.clockSkewMs)} against the controller`,
    `outbox       ${is.outbox} waiting`,
    `sections     ${is.sections.map(each => (each.supported && each.fault === undefined ? each.section : `${each.section} (${each.fault ?? 'unsupported'})`)).join(', ')}`,
  ]
  if (is.denies.length > 0) lines.push(`policy       denies ${is.denies.join(', ')}`)
  if (is.policyFault !== undefined) lines.push(`policy       ${is.policyFault}`)
  return `${lines.join('\n')}\n`
}
