// SPDX-License-Identifier: Apache-2.0
/** A repository made by the real tools, served by a real controller, and installed from by a real apt. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../packaging/repository/tools.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { aptMachine, type Machine, openWorkshop, REPOSITORY_TOOLS, type Workshop } from '../support/repository.ts'
import { startProxy } from '../support/test-broker.ts'
import { missingTools } from '../support/tools.ts'

const gone = missingTools([...REPOSITORY_TOOLS, 'apt-get'])
const isRoot = process.getuid?.() === 0
const why =
  gone.length > 0 ? `not installed: ${gone.join(', ')}` : isRoot ? undefined : 'dpkg in a root of its own needs root'
if (why !== undefined) process.stderr.write(`repository: skipped, ${why}\n`)

describe.skipIf(why !== undefined)('a machine with apt', () => {
  let shop: Workshop
  let controller: TestController
  let machine: Machine
  let count = 0
  beforeAll(async () => {
    shop = await openWorkshop()
    for (const version of ['0.1.0', '0.2.0']) shop.deb('muster-agent', version)
    shop.rpm('muster-agent', '0.1.0')
    await shop.publish()
    controller = await startTestController({ config: { modules: { onboarding: {}, packages: { dir: shop.out } } } })
  })
  afterAll(async () => {
    await controller?.stop()
    await shop?.close()
  })
  beforeEach(() => {
    machine = aptMachine(join(shop.dir, `machine-${count++}`))
  })

  /** The lines as the controller gives them; what comes after the installation is no matter of apt. */
  const lines = async (): Promise<readonly string[]> => {
    const { join: given } = (await controller.call('GET', '/v1/packages')).body
    const here = given.apt.map((line: string) => line.replaceAll(controller.url, controller.secureUrl))
    return [here[0], here[1], here[2].split(' && sudo muster-agent enroll')[0]]
  }
  const follow = async (): Promise<string> => {
    let output = ''
    for (const line of await lines()) {
      const said = await machine.type(line)
      expect(said.code, `${line}\n${said.output}`).toBe(0)
      output += said.output
    }
    return output
  }
  const installed = (): string => readFileSync(join(machine.dir, 'usr/share/muster-agent/content'), 'utf8')

  it('installs by the three lines, trusting nothing it was not told', async () => {
    const output = await follow()

    expect(installed()).toBe('0.2.0')
    expect(output).not.toMatch(/^(W|E|N):/m)
  })

  it('goes back to a version that is kept, and forward again', async () => {
    await follow()
    const back = await machine.type('apt-get install -y --allow-downgrades muster-agent=0.1.0')
    const then = installed()
    const forward = await machine.type('apt-get install -y muster-agent')

    expect([back.code, then, forward.code, installed()], back.output).toEqual([0, '0.1.0', 0, '0.2.0'])
  })

  it('takes no key but the one whose digest it was given', async () => {
    const [key = ''] = await lines()
    const said = await machine.type(key.replace(/SHA256:..../, 'SHA256:0000'))

    expect(said.code).not.toBe(0)
    expect(existsSync(join(machine.dir, 'usr/share/keyrings/muster-archive-keyring.gpg'))).toBe(false)
  })

  it('refuses a controller that has another root', async () => {
    const [key = '', source = '', install = ''] = await lines()
    await machine.type(key)
    await machine.type(source)
    // The root of another authority, in the place of the one it was told.
    const other = await startTestController({ config: { modules: { onboarding: {} } } })
    await other.stop()
    writeFileSync(join(machine.dir, 'usr/share/keyrings/muster-controller-root.pem'), other.controller.root)
    const said = await machine.type(install)

    expect(said.code).not.toBe(0)
    expect(said.output).toMatch(/certificate/i)
  })

  it('gets there through a proxy', async () => {
    const proxy = await startProxy()
    machine = aptMachine(join(shop.dir, `machine-${count++}`), [`Acquire::https::Proxy "${proxy.url}";`])
    await follow()
    await proxy.close()

    expect(installed()).toBe('0.2.0')
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(controller.secureUrl).host]))
  })
})

describe.skipIf(why !== undefined)('apt refuses', () => {
  let shop: Workshop
  let controller: TestController
  beforeAll(async () => {
    shop = await openWorkshop()
    shop.deb('muster-agent', '0.1.0')
  })
  afterAll(async () => shop?.close())

  /** What apt says to a repository that was changed behind the back of its keys. */
  const install = async (name: string, change: (out: string) => Promise<void> | void, at = new Date()) => {
    const out = join(shop.dir, name)
    await shop.publish({ out, at, validDays: 1 })
    controller = await startTestController({ config: { modules: { onboarding: {}, packages: { dir: out } } } })
    try {
      const machine = aptMachine(join(shop.dir, `machine-${name}`))
      const { join: given } = (await controller.call('GET', '/v1/packages')).body
      await change(out)
      const said: string[] = []
      for (const line of given.apt)
        said.push((await machine.type(line.split(' && sudo muster-agent enroll')[0])).output)
      return { output: said.join(''), installed: existsSync(join(machine.dir, 'usr/share/muster-agent')) }
    } finally {
      await controller.stop()
    }
  }

  it('nothing that is as it was published', async () => {
    expect((await install('sound', () => undefined)).installed).toBe(true)
  })

  it('a package that was changed', async () => {
    const said = await install('changed', out =>
      appendFileSync(join(out, 'apt/pool/main/m/muster-agent/muster-agent_0.1.0_all.deb'), 'x'),
    )

    expect(said.installed).toBe(false)
    expect(said.output).toMatch(/mismatch|size|unexpected/i)
  })

  it('an index that was signed by somebody else', async () => {
    const other = await openWorkshop()
    other.deb('muster-agent', '9.9.9')
    await other.publish()
    const said = await install('foreign', out => {
      rmSync(join(out, 'apt'), { recursive: true })
      cpSync(join(other.out, 'apt'), join(out, 'apt'), { recursive: true })
    })
    await other.close()

    expect(said.installed).toBe(false)
    expect(said.output).toMatch(/NO_PUBKEY|not signed|couldn't be verified/)
  })

  it('an index that is older than it may be', async () => {
    const said = await install('old', () => undefined, new Date(Date.now() - 3 * 86_400_000))

    expect(said.installed).toBe(false)
    expect(said.output).toMatch(/expired|no longer valid/i)
  })
})

describe.skipIf(why !== undefined)('a repository', () => {
  let shop: Workshop
  beforeAll(async () => {
    shop = await openWorkshop()
    shop.deb('muster-agent', '0.1.0')
    shop.rpm('muster-agent', '0.1.0')
  })
  afterAll(async () => shop?.close())

  const names = (of: string): readonly string[] =>
    readdirSync(join(shop.out, of), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => entry.name)

  it('keeps what it has when a newer version comes, and changes nothing when none does', async () => {
    await shop.publish()
    const again = await shop.publish()
    shop.deb('muster-agent', '0.2.0')
    shop.rpm('muster-agent', '0.2.0')
    const newer = await shop.publish()

    expect([again.added, again.kept]).toEqual([0, 2])
    expect([newer.added, newer.kept]).toEqual([2, 2])
    expect(newer.listing.packages.map(({ format, version }) => `${format} ${version}`)).toEqual([
      'deb 0.1.0',
      'deb 0.2.0',
      'rpm 0.1.0-1',
      'rpm 0.2.0-1',
    ])
  })

  it.each(['deb', 'rpm'] as const)('refuses another %s of a name and version that it has', async format => {
    const other = await openWorkshop()
    other[format]('muster-agent', '0.1.0', 'something else')
    const act = other.publish({ out: shop.out })

    await expect(act).rejects.toThrow(/0\.1\.0.*other content.*higher version/s)
    await other.close()
  })

  it('keeps indexes that a machine may still be told of', async () => {
    const before = names('apt/dists/stable/main/binary-amd64/by-hash')
    shop.deb('muster-agent', '0.3.0')
    await shop.publish()

    expect(names('apt/dists/stable/main/binary-amd64/by-hash')).toEqual(expect.arrayContaining([...before]))
  })

  it('has the same indexes for the same packages at the same time', async () => {
    const at = new Date('2026-01-02T03:04:05Z')
    const [one, other] = [join(shop.dir, 'one'), join(shop.dir, 'other')]
    await shop.publish({ at, out: one })
    await shop.publish({ at, out: other })
    const read = (out: string) =>
      ['Release', 'main/binary-amd64/Packages', 'main/binary-arm64/Packages.gz', 'main/binary-arm64/Packages.xz'].map(
        file => readFileSync(join(out, 'apt/dists/stable', file), 'base64'),
      )

    expect(read(one)).toEqual(read(other))
  })

  it('leaves a folder alone that holds something else', async () => {
    const out = join(shop.dir, 'precious')
    mkdirSync(join(out, 'letters'), { recursive: true })

    await expect(shop.publish({ out })).rejects.toThrow(/letters.*no part of a repository/)
    expect(readdirSync(out)).toEqual(['letters'])
  })

  it('says what to install when a program is missing', async () => {
    await expect(run('gpg', ['--version'], { env: { PATH: '/nonexistent' } })).rejects.toThrow(
      'apt-get install --no-install-recommends gnupg',
    )
  })
})
