// SPDX-License-Identifier: Apache-2.0
/** `node packaging/build/main.ts --packages`: reads the arguments and builds packages of distributions. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makePackages } from './make.ts'
import { ARCHITECTURES, FORMATS } from './package.ts'

const USAGE = `Usage: node packaging/build/main.ts --packages [options]

  --out DIR          where to write (dist/packages)
  --arch A,B         for which machines (${ARCHITECTURES.join(',')})
  --format A,B       for which package managers (${FORMATS.join(',')})
  --only A,B         these packages only
  --fast             light compression, for tests; without it the best, for releases
  --version V        another version than that of package.json, such as 0.1.1~20261121
  --rpc DIR          what packaging/build/rpc.sh has built; without it muster-agent-oob comes without rpc
  --maintainer WHO   name <address> of whoever answers for the packages
  --help             print this

SOURCE_DATE_EPOCH sets the time that files carry; without it, that of the last commit.
`

/** Whom to ask, when whoever builds does not say: nobody in particular, at an address that leads nowhere. */
const NOBODY = 'Muster maintainers <maintainers@muster.invalid>'

/** Builds what the arguments ask for. Rejects with what a tool complained about. */
export async function packagesMain(root: string, argv: readonly string[]): Promise<void> {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  const { values } = parseArgs({
    args: [...argv],
    options: {
      packages: { type: 'boolean' },
      out: { type: 'string', default: 'dist/packages' },
      arch: { type: 'string', default: ARCHITECTURES.join(',') },
      format: { type: 'string', default: FORMATS.join(',') },
      only: { type: 'string' },
      fast: { type: 'boolean', default: false },
      version: { type: 'string' },
      rpc: { type: 'string' },
      maintainer: { type: 'string', default: process.env.MUSTER_MAINTAINER ?? NOBODY },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return say(USAGE.trimEnd())
  // Modes in packages are ours to say, and not of whoever builds them.
  process.umask(0o022)
  const epoch = process.env.SOURCE_DATE_EPOCH
  await makePackages({
    root,
    out: resolve(root, values.out),
    architectures: chosen(values.arch, ARCHITECTURES),
    formats: chosen(values.format, FORMATS),
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    fast: values.fast,
    ...(values.rpc === undefined ? {} : { rpc: resolve(values.rpc) }),
    version: values.version ?? (await manifestVersion(root)),
    ...(epoch === undefined ? {} : { epoch: Number(epoch) }),
    maintainer: values.maintainer,
    say,
  })
}

async function manifestVersion(root: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  return version
}

function chosen<T extends string>(given: string, known: readonly T[]): readonly T[] {
  const wanted = given.split(',')
  const unknown = wanted.filter(each => !known.some(one => one === each))
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}; there are ${known.join(', ')}`)
  return known.filter(each => wanted.includes(each))
}
