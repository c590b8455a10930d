// SPDX-License-Identifier: Apache-2.0
/** `muster person password` and `totp`: what only a person knows is asked for, and never an argument. */
import { paths } from '../api.ts'
import { because } from '../because.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { literal } from '../render/text.ts'
import { askHidden, secretLine } from '../secret-line.ts'

const HIDDEN = '***'

export const password: Run = async call => {
  const { client } = await call.session()
  const path = paths.personAct('me', 'password')
  if (isDryRun(call)) return showIntents(call, [{ method: 'PUT', path, body: { current: HIDDEN, password: HIDDEN } }])
  const fresh = await secretLine(call, { option: 'password-file', question: 'New password: ' })
  if (call.options.text('password-file') === undefined && (await askHidden(call, 'Once more: ')) !== fresh)
    throw problem('usage', 'the two are not the same')
  const file = call.options.text('current-file')
  const current =
    file === undefined && !call.terminal.input.isTerminal
      ? undefined
      : await secretLine(call, { option: 'current-file', question: 'Present password (empty for none): ' })
  await client.send('PUT', path, { password: fresh, ...(current === undefined || current === '' ? {} : { current }) })
  await call.output.note('set; sign in again with it: muster login <url> --user <name>')
  return undefined
}

type Begun = { readonly secret: string; readonly uri: string }

export const totp: Run = async call => {
  const [name] = call.words
  const { client } = await call.session()
  if (call.options.has('reset')) {
    const path = because(call, paths.personAct(name ?? '', 'totp'))
    if (name === undefined) throw problem('usage', 'say whose second factor is to go')
    if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
    await confirm(call, `Take the second factor of ${name} away?`)
    await client.send('DELETE', path)
    await call.output.note(`${name} signs in with the password alone`)
    return undefined
  }
  if (name !== undefined) throw problem('usage', 'codes are begun by oneself; for somebody else there is --reset')
  if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path: paths.totp, body: { password: HIDDEN } }])
  const begun: Begun = await client.send('POST', paths.totp, { password: await askHidden(call, 'Password: ') })
  await call.output.note(`give this to your authenticator: ${begun.secret}`)
  await call.output.note(begun.uri)
  const code = (await call.terminal.input.ask('Code: ', { hidden: false, signal: call.signal })).trim()
  const { recoveryCodes }: { recoveryCodes: readonly string[] } = await client.send('POST', paths.totpConfirm, { code })
  const view = { kind: 'RecoveryCodes', name: () => 'recovery-codes' }
  await call.output.item(view, { recoveryCodes }, each => each.recoveryCodes.map(line => `${literal(line)}\n`).join(''))
  await call.output.note('in force; keep these codes for the day it is lost: each is good once')
  return undefined
}
