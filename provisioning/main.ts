// SPDX-License-Identifier: Apache-2.0
/** The program muster-provision: prepares machines before there is an agent on them. */
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { Problem } from '../plugins/contract/index.ts'
import { USAGE, UsageError } from './cli/usage.ts'
import { kitBuild, kitVerify, seed, tokenInspect, type Verb } from './cli/verbs.ts'
import { disk } from './system/disk.ts'
import { VERSION } from './version.ts'

type OptionKinds = Readonly<Record<string, { readonly type: 'string'; readonly multiple?: boolean }>>
const one = { type: 'string' } as const
const many = { type: 'string', multiple: true } as const

const VERBS: Readonly<Record<string, { readonly verb: Verb; readonly options: OptionKinds }>> = {
  seed: {
    verb: seed,
    options: {
      ...{ url: one, fingerprint: one, keys: one, out: one, machines: one, hostname: one },
      ...{ 'token-file': one, package: many, proxy: one },
    },
  },
  'kit build': {
    verb: kitBuild,
    options: {
      ...{ repository: one, out: one, arch: many, format: many, package: many },
      ...{ url: one, root: one, 'token-file': one },
    },
  },
  'kit verify': { verb: kitVerify, options: { fingerprint: many } },
  'token inspect': { verb: tokenInspect, options: {} },
}

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 0 || argv.some(word => word === '--help' || word === '-h') || argv[0] === 'help') {
    say(USAGE.trimEnd())
    return argv.length === 0 ? 2 : 0
  }
  if (argv[0] === 'version' || argv[0] === '--version') {
    say(VERSION)
    return 0
  }
  const name = [argv.slice(0, 2).join(' '), argv[0] ?? ''].find(each => each in VERBS)
  const found = name === undefined ? undefined : VERBS[name]
  if (name === undefined || found === undefined) throw new UsageError(`there is no verb ${argv.slice(0, 2).join(' ')}`)
  const { values, positionals } = parseArgs({
    args: argv.slice(name.split(' ').length),
    allowPositionals: true,
    options: found.options,
  })
  const given: Readonly<Record<string, unknown>> = values
  await found.verb(
    {
      text: option => (typeof given[option] === 'string' ? given[option] : undefined),
      list: option => (Array.isArray(given[option]) ? given[option].map(String) : []),
      words: positionals,
    },
    { disk, say, input: () => text(process.stdin) },
  )
  return 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function report(thrown: unknown): number {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const isUsage =
    thrown instanceof UsageError ||
    (thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS'))
  const next = thrown instanceof Problem ? thrown.next : isUsage ? 'muster-provision --help' : undefined
  process.stderr.write(`error: ${message}\n${next === undefined ? '' : `try: ${next}\n`}`)
  return isUsage ? 2 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  process.exitCode = report(thrown)
}
