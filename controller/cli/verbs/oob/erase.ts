// SPDX-License-Identifier: Apache-2.0
/** `muster oob erase`: what has no way back, so it is asked for by name here and twice at the controller. */
import { Problem } from '../../../../plugins/contract/problem.ts'
import type { Call, Session } from '../../call.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths } from '../../oob/api.ts'
import { actOnAll } from '../../oob/bulk.ts'
import { type Machine, oneMachine, spokenMachine } from '../../oob/machines.ts'
import { reasoned } from '../../oob/reason.ts'
import { typedSecret } from '../../oob/secret.ts'
import { problem } from '../../problems.ts'
import { literal } from '../../render/text.ts'

const PARTS = {
  disks: 'secureEraseAllSSDs',
  tpm: 'tpmClear',
  bios: 'restoreBIOSToEOM',
  firmware: 'unconfigureCSME',
} as const

/** Boots into an erase of the first disk; what firmware had before it could erase a platform. */
const SECURE_ERASE = 104

type Erase = { readonly what: string; readonly path: string; readonly body: Readonly<Record<string, unknown>> }

export const erase: Run = async call => {
  const chosen = Object.entries(PARTS).filter(([option]) => call.options.has(option))
  const isOld = call.options.has('secure-erase')
  if (chosen.length === 0 && !isOld)
    throw problem('usage', 'say what: --disks, --tpm, --bios, --firmware, or --secure-erase')
  if (chosen.length > 0 && isOld) throw problem('usage', '--secure-erase stands alone')
  const { session, machine, guid } = await oneMachine(call)
  const what = isOld ? 'the first disk' : chosen.map(([option]) => option).join(', ')
  const order: Erase = {
    what,
    path: oobPaths.device(session.project, isOld ? 'amt/power/bootOptions' : 'amt/boot/remoteErase', guid),
    body: isOld
      ? { action: SECURE_ERASE, useSOL: false }
      : Object.fromEntries(chosen.map(([, member]) => [member, true])),
  }
  if (isDryRun(call)) {
    const { host } = machine
    return showIntents(call, [{ method: 'POST', path: order.path, body: order.body, ...(host && { host }) }])
  }
  await agree(call, machine, what)
  const secret = call.options.text('password-file') === undefined ? {} : passwordIn(isOld, await typedSecret(call, ''))
  return actOnAll(call, {
    machines: [machine],
    act: () => sendTwice(session, guid, { ...order, body: { ...order.body, ...secret }, more: reasoned(call) }),
  })
}

function passwordIn(isOld: boolean, password: string): Readonly<Record<string, unknown>> {
  return isOld ? { bootDetails: { password } } : { ssdPassword: password }
}

/** `-y` is not enough for this: the name of the machine is typed, or given. */
async function agree(call: Call, machine: Machine, what: string): Promise<void> {
  const given = call.options.text('confirm')
  const question = `Erase ${what} of ${spokenMachine(machine)} for good?`
  const { input } = call.terminal
  if (given === undefined && !input.isTerminal) throw notAgreed(machine, question)
  const asked = literal(`${question} Type ${machine.name} to go on: `)
  const typed = given ?? (await input.ask(asked, { hidden: false, signal: call.signal })).trim()
  if (typed !== machine.name) throw notAgreed(machine, `"${typed}" is not the name of this machine`)
}

function notAgreed({ name }: Machine, detail: string): Problem {
  const next = `look with --dry-run, then repeat with --confirm ${name}`
  return new Problem('not-confirmed', { ...problem.types['not-confirmed'], next }, { detail })
}

/** The controller answers the first request with a confirmation, which the second one carries. */
async function sendTwice(
  { client }: Session,
  guid: string,
  { path, body, what, more }: Erase & { readonly more: ReturnType<typeof reasoned> },
) {
  const confirmation = await client.send('POST', path, body, more).then(
    () => undefined,
    (thrown: unknown) => {
      if (thrown instanceof Problem && thrown.code === 'confirmation-required') return thrown.fields.confirmation
      throw thrown
    },
  )
  if (confirmation !== undefined) await client.send('POST', path, { ...body, confirmation, confirmGuid: guid }, more)
  return { ok: true, says: `erases ${what}` }
}
