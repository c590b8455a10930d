// SPDX-License-Identifier: Apache-2.0
/** What `muster host set` is asked to change, and on which hosts: from options, and from the rows of a file. */
import { Problem } from '../../../plugins/contract/problem.ts'
import { abreast } from '../abreast.ts'
import type { Host } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { selectsHosts } from '../host-select.ts'
import { findHost } from '../hosts.ts'
import { MAX_INPUT_BYTES } from '../input.ts'
import { readLabel } from '../options.ts'
import { problem } from '../problems.ts'
import { readTable } from '../render/csv.ts'
import { referenceId } from '../resources/find.ts'
import { targets } from '../targets.ts'

export type Change = {
  /** Members of the host. */
  readonly host: Readonly<Record<string, string>>
  /** Labels to set; the others stay. */
  readonly metadata: ReadonlyMap<string, string>
  /** Id of the update policy for its instance. */
  readonly policy: string | undefined
}

export type Meant = { readonly host: Host; readonly change: Change }

type Words = { readonly member: string; readonly words: Readonly<Record<string, string>> }

const POWER = {
  on: 'ON',
  off: 'OFF',
  reset: 'RESET',
  'power-cycle': 'POWER_CYCLE',
  sleep: 'SLEEP',
  hibernate: 'HIBERNATE',
}

/** Options and columns that set a member of the host to one of several values. */
const WORDS: Readonly<Record<string, Words>> = {
  power: { member: 'desiredPowerState', words: prefixed('POWER_STATE_', POWER) },
  'power-policy': {
    member: 'powerCommandPolicy',
    words: prefixed('POWER_COMMAND_POLICY_', { immediate: 'IMMEDIATE', ordered: 'ORDERED' }),
  },
  'amt-state': {
    member: 'desiredAmtState',
    words: prefixed('AMT_STATE_', { provisioned: 'PROVISIONED', unprovisioned: 'UNPROVISIONED' }),
  },
  'control-mode': {
    member: 'amtControlMode',
    words: prefixed('AMT_CONTROL_MODE_', { client: 'CCM', admin: 'ACM', ccm: 'CCM', acm: 'ACM' }),
  },
}

function prefixed(prefix: string, words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(words).map(([word, value]) => [word, prefix + value]))
}

/** Columns of a file, in small letters without dashes and blanks; the first four say which host. */
const COLUMNS: Readonly<Record<string, string>> = {
  name: 'name',
  resourceid: 'id',
  serial: 'serial',
  serialnumber: 'serial',
  uuid: 'uuid',
  power: 'power',
  desiredpowerstate: 'power',
  powerpolicy: 'power-policy',
  amtstate: 'amt-state',
  desiredamtstate: 'amt-state',
  controlmode: 'control-mode',
  amtcontrolmode: 'control-mode',
  osupdatepolicy: 'osupdatepolicy',
  site: 'site-id',
  siteid: 'site-id',
  metadata: 'metadata',
}
const NAMING = ['id', 'serial', 'uuid', 'name'] as const

/** What the options ask for. Throws `usage` for values that are none. */
export async function changeOf(call: Call, session: Session): Promise<Change> {
  const { options } = call
  const metadata = options.labels('metadata').map(({ key, value }) => `${key}=${value}`)
  return wanted(session, name => (name === 'metadata' ? metadata.join('&') || undefined : options.text(name)))
}

async function wanted(session: Session, textOf: (name: string) => string | undefined): Promise<Change> {
  const host: Record<string, string> = {}
  for (const [name, { member, words }] of Object.entries(WORDS)) {
    const text = textOf(name)
    if (text !== undefined) host[member] = wordValue(text, words, name)
  }
  const site = textOf('site-id')
  if (site !== undefined) host.siteId = await referenceId(session, 'site', site)
  const policy = textOf('osupdatepolicy')
  const labels = (textOf('metadata') ?? '').split('&').filter(pair => pair !== '')
  return {
    host,
    metadata: new Map(labels.map(pair => readLabel(pair, '--metadata')).map(({ key, value }) => [key, value])),
    policy: policy === undefined ? undefined : await policyNamed(session, policy),
  }
}

/** One that is not there is told in the words of EIM's command line. */
function policyNamed(session: Session, name: string): Promise<string> {
  return referenceId(session, 'update-policy', name).catch((thrown: unknown) => {
    throw thrown instanceof Problem && thrown.code === 'name-unknown'
      ? placed(thrown, 'Invalid OS Update Policy')
      : thrown
  })
}

/** A word, or the value of the interface itself. */
function wordValue(text: string, words: Words['words'], name: string): string {
  const value = words[text.toLowerCase()] ?? Object.values(words).find(each => each === text.toUpperCase())
  if (value === undefined) throw problem('usage', `--${name} takes ${Object.keys(words).join(', ')}, not ${text}`)
  return value
}

/** Hosts with what is to change on each; what a row of the file says wins over the options. */
export async function meantHosts(call: Call, session: Session, change: Change): Promise<readonly Meant[]> {
  const file = call.options.text('from-csv')
  if (file === undefined) {
    if (isEmpty(change))
      throw problem('usage', 'say what to set: --power, --osupdatepolicy, --site-id, --metadata, ...')
    return (await targets(call, session, call.words)).map(host => ({ host, change }))
  }
  if (call.words.length > 0 || selectsHosts(call.options))
    throw problem('usage', '--from-csv names the hosts: do not name or select others')
  const bytes =
    file === '-' ? await call.terminal.input.read(MAX_INPUT_BYTES) : await call.files.read(file, MAX_INPUT_BYTES)
  const rows = readTable(new TextDecoder().decode(bytes), file)
  const meant: (Meant | undefined)[] = rows.map(() => undefined)
  await abreast(rows, { atOnce: 8, over: () => call.signal.aborted }, async (row, at) => {
    const line = `${file}, row ${at + 1}`
    meant[at] = await meantBy(session, { row: named(row, file), change, line }).catch((thrown: unknown) => {
      throw thrown instanceof Problem ? placed(thrown, line) : thrown
    })
  })
  return meant.filter(each => each !== undefined)
}

/** The same failure, with the row that it is about. */
function placed(failure: Problem, line: string): Problem {
  const { code, title, status, retry, next, detail, fields } = failure
  const type = { title, status, retry, ...(next === undefined ? {} : { next }) }
  const text = detail?.startsWith(line) === true ? detail : [line, ...(detail === undefined ? [] : [detail])].join(': ')
  return new Problem(code, type, { detail: text, fields, cause: failure })
}

type Row = ReadonlyMap<string, string>

function named(row: Row, file: string): Row {
  return new Map(
    [...row].map(([title, text]) => {
      const column = COLUMNS[title.replace(/[ _-]/g, '')]
      if (column === undefined)
        throw problem('input-unreadable', `${file} has a column ${title}, which says nothing here`)
      return [column, text]
    }),
  )
}

async function meantBy(
  session: Session,
  { row, change, line }: { readonly row: Row; readonly change: Change; readonly line: string },
): Promise<Meant> {
  const name = NAMING.map(column => row.get(column) ?? '').find(text => text !== '')
  if (name === undefined) throw problem('input-unreadable', `${line} names no host`)
  const own = await wanted(session, column => row.get(column) || undefined)
  const merged: Change = {
    host: { ...change.host, ...own.host },
    metadata: new Map([...change.metadata, ...own.metadata]),
    policy: own.policy ?? change.policy,
  }
  if (isEmpty(merged)) throw problem('usage', `${line} says nothing to set`)
  return { host: await findHost(session, name), change: merged }
}

function isEmpty({ host, metadata, policy }: Change): boolean {
  return Object.keys(host).length === 0 && metadata.size === 0 && policy === undefined
}
