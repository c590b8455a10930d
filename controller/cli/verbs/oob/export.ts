// SPDX-License-Identifier: Apache-2.0
/** `muster oob profile export`: a profile with all its secrets as the encrypted file that `rpc` reads on the machine itself. */
import type { Run } from '../../grammar.ts'
import { oobPaths } from '../../oob/api.ts'

type Exported = { readonly filename: string; readonly content: string; readonly key: string }

export const profileExport: Run = async call => {
  const { client, project } = await call.session()
  const name = call.words[0] ?? ''
  const domainName = call.options.text('domain')
  const query = { domainName, reason: call.options.text('reason') }
  const exported: Exported = await client.get(oobPaths.profileExport(project, name), { query })
  const file = call.options.text('file')
  if (file === undefined) {
    await call.output.item(
      { kind: 'ProfileExport', name: () => exported.filename },
      exported,
      each => `${each.content}\n`,
    )
    await call.output.note(`key: ${exported.key}`)
    return undefined
  }
  await call.files.save(file, oneOf(exported.content))
  const item = { file, key: exported.key }
  await call.output.item({ kind: 'ProfileExport', name: () => file }, item, each => `${each.key}\n`)
  await call.output.note(`${file} is written; above is the key it opens with, drawn for this file alone`)
  return undefined
}

async function* oneOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
