// SPDX-License-Identifier: Apache-2.0
/** `muster oob policy`, `drift policy`, `playbook policy`: rules of a project, each one document with a version. */
import { confirm } from '../../confirm.ts'
import type { Run } from '../../grammar.ts'
import { readInput } from '../../input.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths, type RulesKind } from '../../oob/api.ts'
import { problem } from '../../problems.ts'

type Rules = Readonly<Record<string, unknown>>

const KINDS: Readonly<Record<RulesKind, string>> = {
  policy: 'ProfilePolicy',
  'drift-policy': 'DriftPolicy',
  'recovery-policy': 'RecoveryPolicy',
}

/** The verbs of one kind of rules. */
export function rulesVerbs(kind: RulesKind): { readonly get: Run; readonly set: Run } {
  const view = { kind: KINDS[kind], name: () => kind }
  return {
    get: async call => {
      const { client, project } = await call.session()
      const rules: Rules = await client.get(oobPaths.rules(project, kind))
      await call.output.item(view, rules, drawYaml)
      return undefined
    },
    set: async call => {
      const file = call.options.text('file')
      if (file === undefined) throw problem('usage', 'give the rules with -f <file>, or -f - for standard input')
      const given = await readInput(call, file)
      if (typeof given !== 'object' || given === null || Array.isArray(given))
        throw problem('input-unreadable', `${file} is no mapping`)
      const { version, ...body } = given as Rules // checked just now
      const { client, project } = await call.session()
      const path = oobPaths.rules(project, kind)
      // What `get` printed carries the version it was read at, so two people do not undo each other.
      const headers = typeof version === 'number' ? { 'if-match': `"${version}"` } : undefined
      if (isDryRun(call)) return showIntents(call, [{ method: 'PUT', path, body, ...(headers && { headers }) }])
      await confirm(call, 'Replace these rules?')
      const kept: Rules = await client.send('PUT', path, body, headers && { headers })
      await call.output.item(view, kept, drawYaml)
      return undefined
    },
  }
}

async function drawYaml(rules: Rules): Promise<string> {
  const { writeYaml } = await import('../../render/yaml.ts')
  return writeYaml(rules)
}
