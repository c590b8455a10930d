// SPDX-License-Identifier: Apache-2.0
/** The same sources give the same packages, bit for bit, wherever, whenever and by whomever they are built. */
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { ROOT, trackedFiles } from '../arch/tree.ts'
import { builtPackages } from '../support/packages.ts'
import { missingTools } from '../support/tools.ts'

const lacking = missingTools(['dpkg-deb', 'rpmbuild', 'flock'])
if (lacking.length > 0) process.stderr.write(`packages are not built twice: no ${lacking.join(', ')}\n`)

const base = await mkdtemp(join(tmpdir(), 'muster-again-'))
afterAll(() => rm(base, { recursive: true, force: true }))

/** The repository in another place, with other times, and packages that no symbolic link leads back from. */
async function elsewhere(): Promise<string> {
  const root = join(base, 'another place')
  for (const file of trackedFiles().filter(each => !/^(test|docs)\//.test(each))) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await cp(join(ROOT, file), join(root, file))
    await utimes(join(root, file), 1_000_000_000, 1_000_000_000)
  }
  await mkdir(join(root, 'node_modules'))
  const names = `find ${ROOT}/node_modules -mindepth 1 -maxdepth 1 ! -name .cache -print0`
  const copy = `xargs -0 cp -a --reflink=auto --link -t '${root}/node_modules' 2>/dev/null`
  // Hard links where that is one file system, else copies.
  const plain = `xargs -0 cp -a -t '${root}/node_modules'`
  await promisify(execFile)('sh', ['-c', `${names} | ${copy} || ${names} | ${plain}`])
  return root
}

describe.skipIf(lacking.length > 0)('packages built twice', () => {
  it('are the same, bit for bit', async () => {
    const first = await builtPackages({ format: 'deb,rpm' })
    const { predicate } = JSON.parse(await readFile(join(first, 'provenance.json'), 'utf8'))
    const root = await elsewhere()
    const out = join(base, 'out')
    // Another mask, time zone, language and user's folder than those of the first.
    const build = `umask 077; exec ${process.execPath} packaging/build/main.ts --packages --fast --arch amd64 --out ${out}`
    await promisify(execFile)('sh', ['-c', build], {
      cwd: root,
      maxBuffer: 16 * 1_048_576,
      env: {
        ...{ PATH: process.env.PATH ?? '', HOME: base, TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' },
        SOURCE_DATE_EPOCH: String(predicate.buildDefinition.externalParameters.sourceDateEpoch),
      },
    })

    expect((await readFile(join(out, 'SHA256SUMS'), 'utf8')).split('\n')).toEqual(
      (await readFile(join(first, 'SHA256SUMS'), 'utf8')).split('\n'),
    )
  })
})
