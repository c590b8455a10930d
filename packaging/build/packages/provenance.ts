// SPDX-License-Identifier: Apache-2.0
/** Says where packages come from, in the form of in-toto: what went in, who built, what came out. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Made, Order } from './make.ts'
import { run } from './run.ts'
import type { Runtime } from './runtime.ts'

export type Inputs = {
  readonly order: Order
  readonly epoch: number
  readonly runtimes: readonly Runtime[]
  readonly made: readonly Made[]
}

/** The statement, as SLSA's provenance v1. It names no time but that of the sources, so that it repeats as packages do. */
export async function provenance({ order, epoch, runtimes, made }: Inputs): Promise<object> {
  const { root, architectures, formats, fast, version, rpc } = order
  const git = (...args: readonly string[]): Promise<string> =>
    run(['git', ...args], { cwd: root }).then(
      said => said.trim(),
      () => '',
    )
  const commit = await git('rev-parse', 'HEAD')
  const clean = (await git('status', '--porcelain')) === ''
  const tools = await Promise.all([toolVersion('dpkg-deb'), toolVersion('rpmbuild')])
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: made.map(({ file, sha256 }) => ({ name: basename(file), digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:muster:packages:1',
        externalParameters: { architectures, formats, fast, version, rpc: rpc !== undefined, sourceDateEpoch: epoch },
        resolvedDependencies: [
          ...(commit === '' ? [] : [{ name: 'sources', digest: { gitCommit: commit }, annotations: { clean } }]),
          { name: 'package-lock.json', digest: { sha256: await digestOf(join(root, 'package-lock.json')) } },
          ...runtimes.map(({ version: node, integrity, strippedBy }) => ({
            name: `node ${node}`,
            digest: { sha512: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') },
            annotations: { strippedBy: strippedBy ?? 'nothing' },
          })),
        ],
      },
      runDetails: {
        builder: { id: 'urn:muster:packaging', version: { node: process.versions.node, ...Object.fromEntries(tools) } },
      },
    },
  }
}

async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

async function toolVersion(tool: string): Promise<readonly [string, string]> {
  const said = await run([tool, '--version']).catch(() => 'absent')
  return [tool, said.split('\n')[0] ?? '']
}
