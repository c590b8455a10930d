// SPDX-License-Identifier: Apache-2.0
/** The rpm half of a repository, served by a real controller, and installed from by a real dnf. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { openWorkshop, REPOSITORY_TOOLS, type Said, shell, type Workshop } from '../support/repository.ts'
import { missingTools } from '../support/tools.ts'

const gone = missingTools([...REPOSITORY_TOOLS, 'dnf', 'curl'])
const isRoot = process.getuid?.() === 0
const why = gone.length > 0 ? `not installed: ${gone.join(', ')}` : isRoot ? undefined : 'a root of its own needs root'
if (why !== undefined) process.stderr.write(`repository-rpm: skipped, ${why}\n`)

describe.skipIf(why !== undefined)('a machine with dnf', () => {
  let shop: Workshop
  let controller: TestController
  beforeAll(async () => {
    shop = await openWorkshop()
    for (const version of ['0.1.0', '0.2.0']) shop.rpm('muster-agent', version)
    await shop.publish()
    controller = await startTestController({ config: { modules: { onboarding: {}, packages: { dir: shop.out } } } })
  })
  afterAll(async () => {
    await controller?.stop()
    await shop?.close()
  })

  /** A root of its own, in which the first two of the three lines were typed. */
  const prepare = async (name: string) => {
    const root = join(shop.dir, name)
    for (const folder of ['etc/pki/rpm-gpg', 'etc/pki/tls/certs', 'etc/yum.repos.d', 'var/log'])
      mkdirSync(join(root, folder), { recursive: true })
    const { dnf } = (await controller.call('GET', '/v1/packages')).body.join
    const place = (line: string): string =>
      line.replaceAll(controller.url, controller.secureUrl).replaceAll('sudo ', '').replaceAll('/etc/', `${root}/etc/`)
    const said: Said[] = []
    for (const line of dnf.slice(0, 2)) said.push(await shell(place(line)))
    const options = [
      `--installroot=${root} --releasever=9 --setopt=reposdir=${root}/etc/yum.repos.d`,
      `--setopt=cachedir=${root}/var/cache/dnf --setopt=logdir=${root}/var/log --setopt=install_weak_deps=False`,
    ]
    const install = (what: string): Promise<Said> => shell(`dnf -y ${options.join(' ')} ${what}`)
    return { root, said, install, content: () => readFileSync(join(root, 'usr/share/muster-agent/content'), 'utf8') }
  }

  it('installs by the three lines, checking package and metadata, goes back and forward', async () => {
    const machine = await prepare('sound')
    const first = await machine.install('install muster-agent')
    const then = machine.content()
    const back = await machine.install('downgrade muster-agent-0.1.0')

    expect(
      machine.said.map(({ code }) => code),
      JSON.stringify(machine.said),
    ).toEqual([0, 0])
    expect([first.code, then], first.output).toEqual([0, '0.2.0'])
    expect([back.code, machine.content()], back.output).toEqual([0, '0.1.0'])
  })

  it('refuses a package that nobody signed, and metadata that was changed', async () => {
    const unsigned = await prepare('unsigned')
    const loose = await unsigned.install(
      `install --setopt=localpkg_gpgcheck=1 ${join(shop.packages, 'muster-agent-0.1.0-1.noarch.rpm')}`,
    )
    const index = join(shop.out, 'rpm/repodata/repomd.xml')
    const sound = readFileSync(index)
    appendFileSync(index, '<!-- changed -->')
    const changed = await (await prepare('changed')).install('install muster-agent')
    writeFileSync(index, sound)

    expect([loose.code, changed.code]).toEqual([1, 1])
    expect(loose.output).toMatch(/not signed|GPG check FAILED/i)
    expect(changed.output).toMatch(/GPG|signature/i)
    expect(existsSync(join(shop.dir, 'changed/usr/share/muster-agent'))).toBe(false)
  })
})
