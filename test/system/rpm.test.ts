// SPDX-License-Identifier: Apache-2.0
/**
 * The life of an installation by rpm, as far as Debian's dnf goes: real packages, repository, scriptlets and systemd. The
 * distribution beneath is Debian, whose libraries a stub stands for, and dnf works on it while it is switched off.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtPackages } from '../support/packages.ts'
import { type Machine, openWorld, type Said, type World } from '../support/roots.ts'
import { whyNoRoots } from '../support/roots-base.ts'
import {
  ask,
  controllerOfSources,
  type Desk,
  EARLIER,
  LATER,
  mirror,
  openRepository,
  type Repository,
} from '../support/roots-plant.ts'
import { missingTools } from '../support/tools.ts'

const absent = missingTools(['dnf', 'rpm', 'rpmbuild', 'rpmsign', 'createrepo_c', 'gpg', 'apt-ftparchive'])
const why = absent.length > 0 ? `not installed: ${absent.join(', ')}` : whyNoRoots()
if (why !== undefined) process.stdout.write(`tests of rpm packages on real systems are skipped: ${why}\n`)

const PACKAGES = ['muster-runtime', 'muster-agent']

describe.skipIf(why !== undefined)('packages by dnf', { retry: 0 }, () => {
  const work = mkdtempSync(join(tmpdir(), 'muster-rpm-'))
  let repository: Repository
  let world: World
  let desk: Desk
  let node: Machine
  let host = ''

  let failed: string | undefined
  const step = (name: string, act: () => Promise<void>): void => {
    it(name, async context => {
      if (failed !== undefined) context.skip(`"${failed}" has failed`)
      failed = name // until it has ended well
      await act()
      failed = undefined
    })
  }

  const dnf = async (what: string): Promise<Said> => {
    const root = node.root
    const options = [
      `--installroot=${root} --releasever=9 --setopt=reposdir=${root}/etc/yum.repos.d --setopt=cachedir=${work}/cache`,
      `--setopt=logdir=${work} --setopt=install_weak_deps=False --refresh`,
    ]
    return world.sh(`dnf -y ${options.join(' ')} ${what} 2>&1`, { withinMs: 120_000 })
  }
  const done = async (what: string): Promise<string> => {
    const said = await dnf(what)
    if (said.code !== 0) throw new Error(`dnf ${what}:\n${said.out}`)
    return said.out
  }
  const offline = async (act: () => Promise<unknown>): Promise<void> => {
    await node.poweroff()
    await act()
    await node.boot()
  }
  const version = async () => (await world.sh(`rpm --root ${node.root} -q --qf '%{VERSION}' muster-agent`)).out
  const online = async (agent: string): Promise<any> => {
    const url = `${desk.url}/v1/projects/default/compute/hosts/${host}`
    const deadline = performance.now() + 60_000
    for (;;) {
      const { body } = await ask(world, url, { method: 'GET', token: desk.token })
      if (body.presence?.online === true && body.presence.agent === agent) return body
      if (performance.now() > deadline) throw new Error(`not online: ${JSON.stringify(body.presence)}`)
      await new Promise(resolve => setTimeout(resolve, 300))
    }
  }

  beforeAll(async () => {
    repository = await openRepository('rpm', PACKAGES)
    world = await openWorld()
    node = await world.machine('rpm-1')
    desk = await controllerOfSources(world)
    const url = await mirror(world, repository.dir)
    const signed = `gpgcheck=1\nrepo_gpgcheck=1\ngpgkey=${url}/keys/muster-rpm.asc`
    const source = `[muster]\nname=Muster\nbaseurl=${url}/rpm\nenabled=1\n${signed}\n`
    await node.put('/etc/yum.repos.d/muster.repo', source)
    // Where rpm is at home these are not.
    await world.sh(`rm ${node.root}/usr/bin/deb-systemd-helper ${node.root}/usr/bin/deb-systemd-invoke`)
    await done(`install --disablerepo='*' --nogpgcheck ${stubOfDistribution(work)}`)
  }, 600_000)
  afterAll(async () => {
    await world?.close()
    await repository?.close()
    rmSync(work, { recursive: true, force: true })
  })

  step('refuses a package that nobody signed', async () => {
    const folder = await builtPackages({ format: 'rpm', version: EARLIER, only: PACKAGES })
    const files = readdirSync(folder)
      .filter(each => each.endsWith('.rpm'))
      .map(each => join(folder, each))

    const said = await dnf(`install --setopt=localpkg_gpgcheck=1 ${files.join(' ')}`)

    expect(said.code).not.toBe(0)
    expect(said.out).toMatch(/not signed|GPG check FAILED/i)
    expect((await world.sh(`ls ${node.root}/usr/bin/muster-agent`)).code).not.toBe(0)
  })

  step('installs from the signed repository; nothing differs from what the package says', async () => {
    await done('install muster-agent')

    expect(await version()).toBe(EARLIER)
    const verified = await world.sh(`rpm --root ${node.root} -V muster-agent muster-runtime`)
    expect(verified).toMatchObject({ code: 0, out: '' })
    await node.boot()
    expect(await node.ok('systemctl is-enabled muster-agent.service muster-helper.socket')).toBe('enabled\nenabled\n')
    expect(await node.ok('stat -c "%a %U" /var/lib/muster-agent')).toBe('700 muster-agent\n')
  })

  step('enrolls, and the service is online', async () => {
    const said = await node.ok(`muster-agent enroll ${desk.url} -`, { input: await desk.joinToken() })

    host = /This machine is (host-[0-9a-f]+)/.exec(said)?.[1] ?? said
    await online(EARLIER)
    expect(await node.ok('systemctl is-active muster-agent.service')).toBe('active\n')
  })

  step('upgrades: an edited file of settings stays, the new one lies beside it or is the same', async () => {
    await node.ok("echo 'logLevel: debug' >> /etc/muster-agent/config.yaml")
    await repository.publishLater()

    await offline(() => done('upgrade muster-agent'))

    expect(await version()).toBe(LATER)
    expect((await online(LATER)).resourceId).toBe(host)
    expect(await node.ok('tail -n 1 /etc/muster-agent/config.yaml')).toBe('logLevel: debug\n')
  })

  step('goes back a minor version', async () => {
    await offline(() => done(`downgrade muster-agent-${EARLIER}`))

    expect(await version()).toBe(EARLIER)
    expect((await online(EARLIER)).resourceId).toBe(host)
    expect(await node.ok('tail -n 1 /etc/muster-agent/config.yaml')).toBe('logLevel: debug\n')
  })

  step('is removed with what it ran; identity and edited settings stay', async () => {
    await offline(() => done('remove muster-agent'))

    expect(await node.ok('ls /etc/muster-agent')).toContain('config.yaml.rpmsave')
    expect((await node.sh('systemctl is-active muster-agent.service muster-helper.socket')).out).toBe(
      'inactive\ninactive\n',
    )
    expect(await node.ok('ls /var/lib/muster-agent/identity')).toMatch(/identity-[ab]\.json/)
  })
})

/** A package that says of the tree what its dpkg knows and rpm does not. */
function stubOfDistribution(work: string): string {
  const spec = join(work, 'stub.spec')
  const provides = [
    '/bin/sh',
    'systemd',
    'glibc = 2.36',
    'libstdc++ = 12',
    'libgcc = 12',
    'util-linux',
    'shadow-utils',
    'coreutils',
  ]
  const head = 'Name: distribution\nVersion: 9\nRelease: 1\nSummary: stub\nLicense: Apache-2.0\nBuildArch: noarch\n'
  writeFileSync(spec, `${head}${provides.map(each => `Provides: ${each}\n`).join('')}%description\nstub\n%files\n`)
  execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${work}/top`, spec], { stdio: 'pipe' })
  return join(work, 'top/RPMS/noarch/distribution-9-1.noarch.rpm')
}
