// SPDX-License-Identifier: Apache-2.0
/** `muster audit verify`: needs no controller. */
import { linesOf, readAuditKey, type Verdict, verifyExport } from '../audit-verify.ts'
import type { Call } from '../call.ts'
import type { Run } from '../grammar.ts'
import { problem } from '../problems.ts'
import { drawFacts } from '../render/table.ts'
import { counted } from '../render/text.ts'

const MAX_KEY_BYTES = 16_384
const MAX_PIPED_BYTES = 256 * 2 ** 20

export const verifying: Run = async call => {
  const paths = call.options.list('key')
  if (paths.length === 0) throw problem('usage', 'give the public key of the audit with --key <file>')
  const keys = []
  for (const path of paths)
    keys.push(readAuditKey(new TextDecoder().decode(await call.files.read(path, MAX_KEY_BYTES))))
  const verdict = await verifyExport(linesOf(await bytesOf(call, call.words[0] ?? '')), keys)
  const { flaw } = verdict
  if (flaw !== undefined) {
    const where = `entry ${flaw.n} of ${verdict.chain} (line ${flaw.line}) ${flaw.kind}: ${flaw.says}`
    throw problem('audit-altered', where, { flaw })
  }
  if (verdict.signedUpTo === 0) throw problem('audit-unsigned', verdict.chain)
  await call.output.item({ kind: 'AuditVerdict', name: each => each.chain }, verdict, draw)
  const loose = (verdict.after ?? 0) + verdict.entries - verdict.signedUpTo
  if (loose > 0) {
    const warning = `warning: the last ${counted(loose, 'entry').replace('entrys', 'entries')} came after the last signature: whether more followed cannot be proved\n`
    await call.terminal.error.write(warning)
  }
  return undefined
}

async function bytesOf(call: Call, path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path !== '-') return (await call.files.open(path)).bytes
  const bytes = await call.terminal.input.read(MAX_PIPED_BYTES)
  return (async function* () {
    yield bytes
  })()
}

function draw({ chain, installation, entries, checkpoints, signedUpTo, signedAt }: Verdict): string {
  return drawFacts([
    ['chain', chain],
    ['installation', installation],
    ['entries', `${entries}, whole and unchanged`],
    ['signed', `up to entry ${signedUpTo}, ${signedAt ?? ''}`],
    ['signatures', `${checkpoints}, all valid`],
  ])
}
