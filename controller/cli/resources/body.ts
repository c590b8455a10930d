// SPDX-License-Identifier: Apache-2.0
/** The body of a write: what a file says, and what options say over it. */
import type { Call, Session } from '../call.ts'
import { readInput } from '../input.ts'
import { problem } from '../problems.ts'
import { referenceId } from './find.ts'
import type { Kind, Resource, Setting } from './kind.ts'

/** Larger than any document a resource keeps. */
const MAX_CONTENT_BYTES = 65_536

/** The body that file and options give. Throws `usage`, `input-unreadable`, and what looking up names throws. */
export async function bodyOf(call: Call, session: Session, kind: Kind): Promise<Resource> {
  const file = call.options.text('file')
  const body: Record<string, unknown> = file === undefined ? {} : { ...(await documentOf(call, kind, file)) }
  for (const setting of kind.settings) {
    const value = await settingValue({ call, session }, setting)
    if (value !== undefined) body[setting.member] = value
  }
  return body
}

/** What a file says; EIM's files have the resource under `spec`. */
async function documentOf(call: Call, kind: Kind, file: string): Promise<Resource> {
  const read = await readInput(call, file)
  const whole = objectOf(read, file)
  const spec = whole.spec === undefined ? whole : objectOf(whole.spec, `${file}: spec`)
  return kind.spelled === undefined ? spec : kind.spelled(spec)
}

function objectOf(value: unknown, what: string): Resource {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw problem('input-unreadable', `${what} is no mapping`)
  return value as Resource // looked at just now
}

/** The long form of a setting's option, without dashes. */
export function optionName({ flags }: Setting): string {
  return /--([a-z0-9-]+)/.exec(flags)?.[1] ?? ''
}

type Asking = { readonly call: Call; readonly session: Session }

async function settingValue({ call, session }: Asking, setting: Setting): Promise<unknown> {
  const { options } = call
  const { form } = setting
  const name = optionName(setting)
  const many = form.is === 'labels' || form.is === 'list' || (form.is === 'reference' && form.many === true)
  if (many && options.list(name).length === 0) return undefined
  if (form.is === 'labels') return options.labels(name)
  if (form.is === 'list') return options.list(name)
  if (form.is === 'reference' && form.many === true)
    return Promise.all(options.list(name).map(each => referenceId(session, form.noun, each)))
  if (form.is === 'boolean') return options.has(name) ? true : undefined
  const text = options.text(name)
  if (text === undefined) return undefined
  if (form.is === 'text') return text
  if (form.is === 'integer') return options.count(name)
  if (form.is === 'degrees') return degreesOf(text, name, form.most)
  if (form.is === 'enum') return enumOf(text, form, name)
  if (form.is === 'reference') return referenceId(session, form.noun, text)
  return contentOf(call, text)
}

function degreesOf(text: string, name: string, most: number): number {
  const degrees = Number(text)
  if (!/^-?\d+(\.\d+)?$/.test(text) || Math.abs(degrees) > most)
    throw problem('usage', `--${name} takes degrees from -${most} to ${most}, such as 48.1372`)
  return Math.round(degrees * 1e7)
}

type EnumForm = { readonly prefix: string; readonly values: readonly string[] }

function enumOf(text: string, { prefix, values }: EnumForm, name: string): string {
  const typed = text.toUpperCase().replaceAll('-', '_')
  const value = (typed.startsWith(prefix) ? typed.slice(prefix.length) : typed).toLowerCase().replaceAll('_', '-')
  if (!values.includes(value)) throw problem('usage', `--${name} takes ${values.join(', ')}`)
  return prefix + value.toUpperCase().replaceAll('-', '_')
}

async function contentOf(call: Call, file: string): Promise<string> {
  const bytes =
    file === '-' ? await call.terminal.input.read(MAX_CONTENT_BYTES) : await call.files.read(file, MAX_CONTENT_BYTES)
  const text = new TextDecoder().decode(bytes)
  // A key stands on one line, and its line end is none of it.
  return text.trimEnd().includes('\n') ? text : text.trimEnd()
}
