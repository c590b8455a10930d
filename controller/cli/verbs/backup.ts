// SPDX-License-Identifier: Apache-2.0
/** `muster system backup`, `restore`. */
import { paths } from '../api.ts'
import type { Call } from '../call.ts'
import { confirm } from '../confirm.ts'
import type { Run } from '../grammar.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { problem } from '../problems.ts'
import { formatBytes } from '../render/text.ts'

export const backup: Run = async call => {
  const file = fileOf(call)
  const { client } = await call.session()
  if (isDryRun(call)) {
    await client.get(paths.system)
    return showIntents(call, [
      { method: 'GET', path: paths.backup },
      { method: 'LOCAL', path: file },
    ])
  }
  if (file === '-' && call.terminal.output.isTerminal)
    throw problem('usage', 'a backup is not for a terminal: send it somewhere')
  if (file !== '-' && (await call.files.exists(file))) await confirm(call, `Replace ${file}?`)
  const answer = await client.open(paths.backup)
  if (file === '-') {
    for await (const part of answer.body) await call.output.data(part)
    return undefined
  }
  const size = await call.files.save(file, answer.body)
  await call.output.note(`${formatBytes(size)} in ${file}, readable by you alone: it holds what hosts reported`)
  return undefined
}

export const restore: Run = async call => {
  const file = fileOf(call)
  const { client, name } = await call.session()
  const content = await call.files.open(file)
  const reason = call.options.text('reason')
  const path = reason === undefined ? paths.restore : `${paths.restore}?reason=${encodeURIComponent(reason)}`
  if (isDryRun(call)) {
    await client.get(paths.system)
    return showIntents(call, [{ method: 'POST', path, headers: { 'content-length': String(content.sizeBytes) } }])
  }
  await confirm(call, `Replace the database of ${client.url}? What came after the backup is lost.`, name)
  const restored: { takenAt?: string } | undefined = await client.upload(path, content)
  const taken = restored?.takenAt === undefined ? '' : ` of ${restored.takenAt}`
  await call.output.note(`the backup${taken} is in place; the controller restarts`)
  return undefined
}

function fileOf(call: Call): string {
  const file = call.options.text('file')
  if (file === undefined) throw problem('usage', 'say which file with -f <file>')
  return file
}
