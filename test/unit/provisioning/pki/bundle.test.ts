// SPDX-License-Identifier: Apache-2.0
/** The X.509 library decorates classes while it loads; a bundler that reorders imports would break it only when shipped. */
import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const root = new URL('../../../../', import.meta.url).pathname
const entry = `
import { createAuthority } from './provisioning/pki/authority.ts'
import { issueHost } from './provisioning/pki/issue.ts'
import { readHostCertificate } from './provisioning/pki/host-certificate.ts'
import { createKey } from './provisioning/pki/keys.ts'
import { createRequest } from './provisioning/pki/request.ts'
async function main() {
  const now = Date.now()
  const { issuing } = await createAuthority({ now })
  const publicKeyFrom = createRequest(await createKey())
  const names = { host: 'host-1a2b3c4d', project: 'p', installation: 'i', epoch: 1 }
  console.log(readHostCertificate(await issueHost(issuing, { publicKeyFrom, ...names, now })).host)
}
void main()
`

it.each(['cjs', 'esm'] as const)('issues from a bundle: %s', { timeout: 30_000 }, async format => {
  const options = { bundle: true, write: false, platform: 'node', target: 'node24', minify: true, format } as const
  const { outputFiles } = await build({ ...options, stdin: { contents: entry, resolveDir: root, loader: 'ts' } })
  const code = outputFiles[0]!.text

  const type = format === 'cjs' ? 'commonjs' : 'module'
  const run = spawnSync(process.execPath, [`--input-type=${type}`], { input: code, encoding: 'utf8' })

  expect(run.stderr).toBe('')
  expect(run.stdout.trim()).toBe('host-1a2b3c4d')
})

it('leaves the X.509 library out of what only makes requests and reads certificates', async () => {
  const contents = `
    export * from './provisioning/pki/request.ts'
    export * from './provisioning/pki/host-certificate.ts'
    export * from './provisioning/pki/trust.ts'
    export * from './provisioning/enroll/token.ts'
  `
  const stdin = { contents, resolveDir: root, loader: 'ts' } as const
  const { metafile } = await build({
    stdin,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    metafile: true,
  })

  expect(Object.keys(metafile.inputs).filter(path => /peculiar|reflect-metadata/.test(path))).toEqual([])
})
