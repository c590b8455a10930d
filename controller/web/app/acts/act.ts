// SPDX-License-Identifier: Apache-2.0
/** Acts: everything a button does, as data that is shown, tested against the command line, and sent as shown. */
import type { Call } from '../api/call.ts'

/** How much an act can do: 0 looks, 1 is soon undone, 2 changes, 3 needs a reason, 4 destroys and needs the name. */
export type RiskClass = 0 | 1 | 2 | 3 | 4

/** What a dialog gathers before an act is sent. */
export type Given = {
  /** Why, in the words of who does it; classes 3 and 4 ask for it. */
  readonly reason?: string
}

export type Act<Input = never> = {
  /** Stable, such as `host.reboot`. */
  readonly name: string
  readonly riskClass: RiskClass
  /** The permission without which the button is not there; `undefined` for what everybody may do with what is their own. */
  readonly permission: string | undefined
  /** The equivalent command line, beginning with `muster`; `undefined` where the command line has no such act, with why. */
  readonly cli: (input: Input & Given) => string
  /** What is sent, in order. One for each thing where it is done to many. */
  readonly calls: (input: Input & Given) => readonly Call[]
  /** One call after the other, and none after one that failed. */
  readonly inOrder?: true
  /** An input with which both can be tried. */
  readonly example: Input & Given
}

/** Keeps the type of the input while checking the shape. */
export function defineAct<Input>(act: Act<Input>): Act<Input> {
  return act
}

/** An act of any input, in lists. */
// biome-ignore lint/suspicious/noExplicitAny: an act is contravariant in its input, so lists forget it
export type AnyAct = Act<any>

/** A word of a command line as a shell would need it: quoted where it is not plain. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** ` --reason '…'`, or nothing. */
export function reasonFlag({ reason }: Given): string {
  return reason === undefined || reason === '' ? '' : ` --reason ${quoted(reason)}`
}

const SECRET = /password|passphrase|provisioningcert$|secret$|^current$|^totp$|^amt$|^mebx$/i

/** What was typed unseen stays unseen. */
function unseen(name: string, value: unknown): unknown {
  return SECRET.test(name) && typeof value === 'string' && value !== '' ? '…' : value
}

/** A call as a curl line; the token is the reader's own, and secrets are left out. */
export function curlOf({ method, path, body, file, headers = {} }: Call, origin: string): string {
  const words = ['curl', ...(method === 'GET' ? [] : ['-X', method]), quoted(`${origin}${path}`)]
  words.push('-H', '"authorization: Bearer $MUSTER_TOKEN"')
  for (const [name, value] of Object.entries(headers)) words.push('-H', quoted(`${name}: ${value}`))
  // What has a type of its own is a file; anything else is JSON.
  if (typeof body === 'string' && headers['content-type'] !== undefined) words.push('--data-binary', '@FILE')
  else if (body !== undefined)
    words.push('-H', "'content-type: application/json'", '-d', quoted(JSON.stringify(body, unseen)))
  if (file !== undefined)
    words.push('-H', "'content-type: application/octet-stream'", '--data-binary', quoted(`@${file.name}`))
  return words.join(' ')
}
