// SPDX-License-Identifier: Apache-2.0
/** The program that publishes packages: a signed repository for apt and one for rpm, in one folder. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildRepository } from './build.ts'
import { openKeys } from './keys.ts'

const USAGE = `Usage: node packaging/repository/main.ts --key-home DIR [options]

  --packages DIR     folder with .deb and .rpm (dist/packages)
  --out DIR          the repository; what is in it stays (dist/repository)
  --key-home DIR     folder of GnuPG with the two secret keys (also MUSTER_KEY_HOME)
  --make-keys        make the keys that are missing in it
  --valid-days N     how long machines believe the indexes of apt, 1 to 3650 (365)
  --help             print this

SOURCE_DATE_EPOCH is the time written into the indexes, when it is set.
`

const root = resolve(import.meta.dirname, '../..')

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      packages: { type: 'string', default: 'dist/packages' },
      out: { type: 'string', default: 'dist/repository' },
      'key-home': { type: 'string' },
      'make-keys': { type: 'boolean', default: false },
      'valid-days': { type: 'string', default: '365' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    say(USAGE.trimEnd())
    return 0
  }
  const home = values['key-home'] ?? process.env.MUSTER_KEY_HOME
  if (home === undefined || home === '') throw new UsageError('say where the keys are with --key-home DIR')
  const validDays = Number(values['valid-days'])
  if (!Number.isInteger(validDays) || validDays < 1 || validDays > 3_650)
    throw new UsageError(`--valid-days is a whole number from 1 to 3650, not ${values['valid-days']}`)
  const at = timeOf(process.env.SOURCE_DATE_EPOCH)
  const keys = await openKeys({ home: resolve(home), make: values['make-keys'], say })
  try {
    const packages = resolve(root, values.packages)
    const out = resolve(root, values.out)
    const { added, kept, listing } = await buildRepository({ packages, out, keys, at, validDays, say })
    say(`${out}: ${added} added, ${kept} kept`)
    say(`apt key ${spaced(listing.keys.apt)}`)
    say(`rpm key ${spaced(listing.keys.rpm)}`)
    return 0
  } finally {
    await keys.close()
  }
}

class UsageError extends Error {}

function timeOf(epoch: string | undefined): Date {
  if (epoch === undefined || epoch === '') return new Date()
  if (!/^\d{1,11}$/.test(epoch)) throw new UsageError(`SOURCE_DATE_EPOCH is seconds since 1970, not ${epoch}`)
  return new Date(Number(epoch) * 1_000)
}

/** A fingerprint as people read it out. */
function spaced(fingerprint: string): string {
  return fingerprint.replaceAll(/(.{4})(?!$)/g, '$1 ')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  const usage = thrown instanceof UsageError || (thrown instanceof TypeError && 'code' in thrown)
  process.stderr.write(`error: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  if (usage) process.stderr.write('try: node packaging/repository/main.ts --help\n')
  process.exitCode = usage ? 2 : 1
}
