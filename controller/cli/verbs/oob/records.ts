// SPDX-License-Identifier: Apache-2.0
/** `muster oob profile`, `domain`, `cira`, `wireless`, `ieee8021x`, `proxy`: what activation is made of. */
import type { Call, Session } from '../../call.ts'
import { confirm } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { readInput } from '../../input.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths, RECORDS, type RecordKind } from '../../oob/api.ts'
import { type RecordRow, recordView } from '../../oob/record-view.ts'
import { typedSecret } from '../../oob/secret.ts'
import { problem } from '../../problems.ts'

const PAGE = 100
/** As large as any chain of certificates is. */
const MAX_PFX = 262_144

type Verbs = { readonly ls: Run; readonly get: Run; readonly create: Run; readonly set: Run; readonly remove: Run }

/** The verbs of one kind of record. */
export function recordVerbs(kind: RecordKind): Verbs {
  const view = recordView(kind)
  return {
    ls: async call => {
      const session = await call.session()
      await call.output.list(view, await listRecords(session, kind))
      return undefined
    },
    get: async call => {
      const { client, project } = await call.session()
      const row: RecordRow = await client.get(oobPaths.record(project, kind, nameOf(call)))
      await call.output.item(view, row, drawYaml)
      return undefined
    },
    create: async call => {
      const session = await call.session()
      const body = await bodyOf(call, kind)
      const path = oobPaths.records(session.project, kind)
      if (isDryRun(call)) return showIntents(call, [{ method: 'POST', path, body: withoutSecrets(body) }])
      const made: RecordRow = await session.client.send('POST', path, body)
      await call.output.item(view, made, drawYaml)
      return undefined
    },
    set: async call => {
      const session = await call.session()
      const { client, project } = session
      const name = nameOf(call)
      // The version that was read goes along, so that two people who change one record do not undo each other.
      const present: RecordRow = await client.get(oobPaths.record(project, kind, name))
      const change = await bodyOf(call, kind)
      const body = { ...present, ...change, [RECORDS[kind].key]: name, version: present.version }
      const path = oobPaths.records(project, kind)
      if (isDryRun(call)) return showIntents(call, [{ method: 'PATCH', path, body: withoutSecrets(body) }])
      const made: RecordRow = await client.send('PATCH', path, body)
      await call.output.item(view, made, drawYaml)
      return undefined
    },
    remove: async call => {
      const { client, project } = await call.session()
      const name = nameOf(call)
      const path = oobPaths.record(project, kind, name)
      if (isDryRun(call)) return showIntents(call, [{ method: 'DELETE', path }])
      await confirm(call, `Delete ${kind} ${name}?`)
      await client.send('DELETE', path)
      await call.output.note(`${kind} ${name} is deleted`)
      return undefined
    },
  }
}

async function listRecords({ client, project }: Session, kind: RecordKind): Promise<readonly RecordRow[]> {
  const rows: RecordRow[] = []
  for (;;) {
    const query = { $top: PAGE, $skip: rows.length }
    const page: readonly RecordRow[] = await client.get(oobPaths.records(project, kind), { query })
    rows.push(...page)
    if (page.length < PAGE) return rows
  }
}

function nameOf(call: Call): string {
  return call.words[0] ?? ''
}

async function bodyOf(call: Call, kind: RecordKind): Promise<RecordRow> {
  const file = call.options.text('file')
  if (kind === 'domain' && file === undefined) return domainBody(call)
  if (file === undefined) throw problem('usage', 'give the record with -f <file>, or -f - for standard input')
  const body = await readInput(call, file)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw problem('input-unreadable', `${file} is no mapping`)
  return body as RecordRow // checked just now
}

/** A domain is mostly a certificate, which nobody wants to paste into a file. */
async function domainBody(call: Call): Promise<RecordRow> {
  const [suffix, pfx] = [call.options.text('suffix'), call.options.text('pfx')]
  if (suffix === undefined || pfx === undefined)
    throw problem('usage', 'a domain needs --suffix and --pfx, or -f <file> with the whole record')
  const certificate = await call.files.read(pfx, MAX_PFX)
  const name = nameOf(call)
  if (name === '') throw problem('usage', 'a domain needs a name')
  return {
    profileName: name,
    domainSuffix: suffix,
    provisioningCert: Buffer.from(certificate).toString('base64'),
    provisioningCertStorageFormat: 'string',
    provisioningCertPassword: await typedSecret(call, 'Password of the certificate: '),
  }
}

const SECRETS = /password|passphrase|provisioningcert$/i

function withoutSecrets(body: RecordRow): RecordRow {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      SECRETS.test(name) && typeof value === 'string' ? '[secret]' : value,
    ]),
  )
}

async function drawYaml(row: RecordRow): Promise<string> {
  const { writeYaml } = await import('../../render/yaml.ts')
  return writeYaml(row)
}
