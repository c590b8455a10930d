// SPDX-License-Identifier: Apache-2.0
/** YAML 1.2 in and out; the only importer of the package. */
import { Document, isScalar, parseDocument, Scalar, visit } from 'yaml'
import { canonical } from '../../../plugins/contract/canonical.ts'
import { problem } from '../problems.ts'
import { literal, literalJson } from './text.ts'

/** Writes a value; texts with characters that a terminal would obey stand in quotes, escaped. */
export function writeYaml(value: unknown): string {
  const document = new Document(JSON.parse(JSON.stringify(value ?? null)), { aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_key, node) => {
      if (isScalar(node) && typeof node.value === 'string' && literal(node.value) !== node.value) {
        node.type = Scalar.QUOTE_DOUBLE
      }
    },
  })
  return literalJson(document.toString({ lineWidth: 0 }))
}

/**
 * Reads JSON or YAML, which includes JSON. Throws `input-unreadable` for what is neither, for aliases, for tags, and for
 * what JSON cannot say.
 */
export function readYaml(text: string, what: string): unknown {
  const document = parseDocument(text, { schema: 'core', uniqueKeys: true, resolveKnownTags: false, logLevel: 'error' })
  const flaw = document.errors[0] ?? document.warnings[0]
  if (flaw !== undefined) throw problem('input-unreadable', `${what}: ${flaw.message.split('\n')[0] ?? 'not YAML'}`)
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 })
    // YAML knows numbers and texts that JSON would silently turn into something else.
    canonical(value)
    return value
  } catch (thrown) {
    const why =
      thrown instanceof ReferenceError ? 'aliases are not accepted' : thrown instanceof Error ? thrown.message : ''
    throw problem('input-unreadable', `${what}: ${why}`)
  }
}
