// SPDX-License-Identifier: Apache-2.0
/** `muster host export`: hosts as a file that can be imported elsewhere, or with everything that is known of them. */
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { problem } from '../problems.ts'
import { filterOf, parametersOf } from '../query.ts'

const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv', json: 'application/x-ndjson' }

export const exporting: Run = async call => {
  const form = call.options.text('output') ?? 'csv'
  const type = TYPES[form]
  if (type === undefined) throw problem('usage', '-o takes csv, or json for one JSON object on each line')
  const { client, project } = await call.session()
  const { body } = await client.open(paths.hostExport(project), {
    query: parametersOf(filterOf(call.options)),
    headers: { accept: `${type}, application/problem+json;q=0.9` },
  })
  const [file] = call.words
  if (file === undefined || file === '-') {
    for await (const part of body) await call.output.data(part)
    return undefined
  }
  const size = await call.files.save(file, body)
  await call.output.note(`${file}: ${size} bytes`)
  return undefined
}
