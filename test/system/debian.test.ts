// SPDX-License-Identifier: Apache-2.0
/** The life of an installation on Debian 12: from the signed repository only, under a real systemd, by the lines of the guide. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Machine, openWorld, type World } from '../support/roots.ts'
import { whyNoRoots } from '../support/roots-base.ts'
import { ask, EARLIER, LATER, mirror, openRepository, type Repository } from '../support/roots-plant.ts'

const why = whyNoRoots()
if (why !== undefined) process.stdout.write(`tests of Debian packages on real systems are skipped: ${why}\n`)

const CONTROLLER = 'ctl.local'
const URL = `https://${CONTROLLER}:8443`
const PACKAGES = ['muster-runtime', 'muster-agent', 'muster-controller', 'muster-cli']
const APT =
  'DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold'

// What one step leaves is what the next begins with, so nothing is tried twice.
describe.skipIf(why !== undefined)('packages on Debian 12', { retry: 0 }, () => {
  let repository: Repository
  let world: World
  let controller: Machine
  let node: Machine
  let token = ''
  let host = ''
  let began = 0

  let failed: string | undefined
  const step = (name: string, act: () => Promise<void>): void => {
    it(name, async context => {
      if (failed !== undefined) context.skip(`"${failed}" has failed`)
      failed = name // until it has ended well
      await act()
      failed = undefined
    })
  }

  const get = async (path: string) => (await ask(world, `${URL}${path}`, { method: 'GET', token })).body
  const hostNow = () => get(`/v1/projects/default/compute/hosts/${host}`)
  const online = async (holds: (found: any) => boolean = () => true): Promise<any> => {
    const deadline = performance.now() + 60_000
    for (;;) {
      const found = await hostNow()
      if (found.presence?.online === true && holds(found)) return found
      if (performance.now() > deadline)
        throw new Error(
          `not online: ${JSON.stringify(found.presence)}\n${(await node.sh('journalctl -u muster-agent | tail -n 30')).out}`,
        )
      await new Promise(resolve => setTimeout(resolve, 300))
    }
  }
  const joinToken = async (): Promise<string> => {
    const path = `${URL}/v1/projects/default/enrollment/tokens`
    return (await ask(world, path, { method: 'POST', token, body: { uses: 1 } })).body.token
  }
  /** What must be the same before and after whatever leaves the identity alone. */
  const identity = () => node.ok('sha256sum /var/lib/muster-agent/identity/identity-?.json | cut -c 1-64')

  beforeAll(async () => {
    repository = await openRepository('deb', PACKAGES)
    world = await openWorld()
    const binds = { '/srv/muster/repository': repository.dir }
    ;[controller, node] = [await world.machine(CONTROLLER, binds), await world.machine('node-1')]
    await Promise.all([controller.boot(), node.boot()])
  }, 600_000)
  afterAll(async () => {
    await world?.close()
    await repository?.close()
  })

  step('installs the controller, which comes up and prints the link to begin with', async () => {
    const url = await mirror(world, repository.dir)
    const keyring = '/usr/share/keyrings/muster-archive-keyring.gpg'
    await controller.ok(`base64 -d > ${keyring}`, {
      input: readFileSync(join(repository.dir, 'keys/muster-archive-keyring.gpg'), 'base64'),
    })
    began = performance.now()
    await controller.ok(
      `echo 'deb [signed-by=${keyring}] ${url}/apt stable main' > /etc/apt/sources.list.d/muster.list`,
    )

    const said = await controller.ok(`${APT} update && ${APT} install muster-controller`)

    const secret =
      /^Controller is up: https:\/\/\S+\/setup#(\S+) +\(one-time, 60 min; new link: muster-controller admin link\)$/m.exec(
        said,
      )?.[1]
    expect(secret, said).toBeDefined()
    expect(said).toMatch(
      /^CA fingerprint sha256:[0-9a-f]{64} · data in \/var\/lib\/muster-controller · backup: muster system backup$/m,
    )
    const { status, body } = await ask(world, `${URL}/v1/setup`, { method: 'POST', body: { secret, name: 'tester' } })
    expect(status).toBe(201)
    token = body.token
  })

  step('takes a machine in by the three lines, online within two minutes of the first', async () => {
    const { join: lines } = await get('/v1/packages')
    const joined: string[] = lines.apt.map((line: string) => line.replaceAll('sudo ', '').replace('JOIN_TOKEN', '-'))
    expect(joined).toHaveLength(3)

    const input = await joinToken()
    let said = ''
    for (const line of joined) said = await node.ok(line, { input })

    host = /This machine is (host-[0-9a-f]+)/.exec(said)?.[1] ?? said
    await online(found => found.capabilities.length > 2)
    const tookMs = performance.now() - began
    process.stdout.write(
      `first host online ${(tookMs / 1_000).toFixed(1)} s after the first line on two fresh machines\n`,
    )
    expect(tookMs).toBeLessThan(120_000)
  })

  step('runs every program as its own user, with no right more than it needs', async () => {
    const seen = async (machine: Machine, unit: string) => {
      const pid = (await machine.ok(`systemctl show -p MainPID --value ${unit}`)).trim()
      const status = await machine.ok(`cat /proc/${pid}/status`)
      const user = (await machine.ok(`stat -c %U /proc/${pid}`)).trim()
      const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1]
      const own = await machine.ok(`readlink /proc/1/ns/net /proc/${pid}/ns/net | uniq | wc -l`)
      return {
        user,
        caps: field('CapBnd'),
        noNewPrivs: field('NoNewPrivs'),
        seccomp: field('Seccomp'),
        ownNetwork: own.trim() === '2',
      }
    }
    const plain = { caps: '0000000000000000', noNewPrivs: '1', seccomp: '2', ownNetwork: false }

    expect(await seen(controller, 'muster-controller')).toEqual({ user: 'muster-controller', ...plain })
    expect(await seen(node, 'muster-agent')).toEqual({ user: 'muster-agent', ...plain })
    const { caps, ...helper } = await seen(node, 'muster-helper')
    expect(helper).toEqual({ user: 'root', noNewPrivs: '1', seccomp: '2', ownNetwork: true })
    // SYS_RAWIO and SYS_ADMIN, for the health of disks; what the machine itself was not given is missing.
    expect(BigInt(`0x${caps}`) & ~0x220000n).toBe(0n)
    const nodeFolders = 'stat -c "%a %U" /var/lib/muster-agent /var/lib/muster-helper'
    expect(await node.ok(`systemctl --failed --no-legend; ${nodeFolders}`)).toBe('700 muster-agent\n700 root\n')
    const controllerFolder = 'stat -c "%a %U" /var/lib/muster-controller'
    expect(await controller.ok(`systemctl --failed --no-legend; ${controllerFolder}`)).toBe('700 muster-controller\n')
  })

  step('reports what the machine is through all of that', async () => {
    const reported = (section: string) => get(`/v1/projects/default/compute/hosts/${host}/sections/${section}/reported`)
    const [hardware, os, power] = [await reported('hardware'), await reported('os'), await reported('power')]

    expect([hardware.status, os.status, power.status]).toEqual(['settled', 'settled', 'settled'])
    expect(hardware.observed.cpu.threads).toBeGreaterThan(0)
    expect(hardware.observed.memory.totalBytes).toBeGreaterThan(2 ** 28)
    expect(hardware.observed.nics[0]).toMatchObject({ deviceName: 'lo' })
    const release = { id: 'debian', version: '12' }
    expect(os.observed).toMatchObject({ hostname: 'node-1', release, packages: { manager: 'dpkg' } })
    expect(os.observed.packages.count).toBeGreaterThan(50)
    expect(power.observed.canReboot).toBe(true)
  })

  step('starts the helper by its socket when it is asked, and again after it has ended', async () => {
    await node.ok('systemctl stop muster-helper.service && systemctl is-active muster-helper.socket')
    await node.ok('systemctl restart muster-agent')

    await node.until('systemctl is-active muster-helper.service', 20_000)
    await online()
  })

  step('survives a stop that is meant, a crash that is not, and a reboot', async () => {
    await node.ok('systemctl stop muster-agent')
    await new Promise(resolve => setTimeout(resolve, 1_000))
    const stopped = await node.sh('systemctl is-active muster-agent')
    await node.ok('systemctl start muster-agent')
    const pid = (await node.ok('systemctl show -p MainPID --value muster-agent')).trim()
    await node.ok(`kill -KILL ${pid}`)

    const isAnother = `test $(systemctl show -p MainPID --value muster-agent) != ${pid}`
    await node.until(`systemctl is-active muster-agent && ${isAnother}`, 30_000)
    expect(stopped.out.trim()).toBe('inactive')
    await node.poweroff()
    await node.boot()
    await node.until('systemctl is-active muster-agent', 20_000)
    await online()
  })

  step('upgrades to the next build: edited settings stay, so does who it is, and the host is back', async () => {
    const before = await identity()
    await node.ok("echo 'logLevel: debug' >> /etc/muster-agent/config.yaml")
    const keys = 'sha256sum /var/lib/muster-controller/keys/* | cut -c 1-64'
    const data = await controller.ok(keys)
    await repository.publishLater()

    const said = await controller.ok(`${APT} update && ${APT} install muster-controller`)
    await node.ok(`${APT} update && ${APT} install muster-agent`)

    expect(said).toMatch(/Controller is up again/)
    expect(await node.ok('dpkg -s muster-agent | grep -E "^(Status|Version)"')).toBe(
      `Status: install ok installed\nVersion: ${LATER}\n`,
    )
    expect((await online(found => found.presence.agent === LATER)).resourceId).toBe(host)
    expect(await identity()).toBe(before)
    expect(await node.ok('tail -n 1 /etc/muster-agent/config.yaml')).toBe('logLevel: debug\n')
    expect(await controller.ok('sha256sum /var/lib/muster-controller/keys/* | cut -c 1-64')).toBe(data)
  })

  step('goes back a minor version, on both sides', async () => {
    const before = await identity()

    await controller.ok(`${APT} install --allow-downgrades muster-controller=${EARLIER}`)
    await node.ok(`${APT} install --allow-downgrades muster-agent=${EARLIER}`)

    expect((await online(found => found.presence.agent === EARLIER)).resourceId).toBe(host)
    expect(await identity()).toBe(before)
  })

  step('leaves a disabled agent disabled', async () => {
    await node.ok('systemctl disable --now muster-agent.service')

    await node.ok(`${APT} install muster-agent`)

    expect((await node.sh('systemctl is-enabled muster-agent.service')).out.trim()).toBe('disabled')
    expect((await node.sh('systemctl is-active muster-agent.service')).out.trim()).toBe('inactive')
    await node.ok('systemctl enable --now muster-agent.service')
    await online()
  })

  step('keeps the identity when the package is removed, and goes on as the same host when it is back', async () => {
    const before = await identity()

    await node.ok(`${APT} remove muster-agent`)

    expect((await node.sh('systemctl is-active muster-agent.service muster-helper.socket')).out).toBe(
      'inactive\ninactive\n',
    )
    expect(await identity()).toBe(before)
    expect((await hostNow()).presence).toMatchObject({ online: false, reason: 'stopped' })
    await node.ok(`${APT} install muster-agent`)
    expect((await online()).resourceId).toBe(host)
    expect(await node.ok('tail -n 1 /etc/muster-agent/config.yaml')).toBe('logLevel: debug\n')
  })

  step('shreds the identity when the package is purged, and tells the controller', async () => {
    const said = await node.ok(`${APT} purge muster-agent 2>&1`)

    expect(said).toContain(`muster-agent: ${URL} knows that ${host} has left`)
    expect(
      (await node.sh('ls -d /var/lib/muster-agent /var/lib/muster-helper /etc/muster-agent /run/muster-helper')).out,
    ).toBe('')
    expect((await node.sh('ls /run | grep muster')).out).toBe('')
    expect(await hostNow()).toMatchObject({ presence: { online: false } })
  })

  step('comes in as a new host when it is installed anew, for the old one has left', async () => {
    await node.ok(`${APT} install muster-agent`)

    const said = await node.ok(`muster-agent enroll ${URL} -`, { input: await joinToken() })

    const old = host
    host = /This machine is (host-[0-9a-f]+)/.exec(said)?.[1] ?? said
    expect(host).not.toBe(old)
    await online()
  })

  step('asks a person who enrolls it after a reinstallation whether to be the host it was', async () => {
    await node.ok(`${APT} remove muster-agent && ${APT} install muster-agent && systemctl stop muster-agent`)
    const enrolling = (answer: string) =>
      node.sh(`(sleep 3; echo ${answer}; sleep 2) | script -qec 'muster-agent enroll ${URL}' /dev/null`)

    const [no, yes] = [await enrolling('n'), await enrolling('y')]

    expect(no.out).toContain(`This machine was ${host}. Reclaim?`)
    expect(no.code).not.toBe(0)
    expect(yes.out).toContain(`This machine is ${host} in project default`)
    await online()
  })

  step('removes the controller and keeps its data; purge takes them', async () => {
    await controller.ok(`${APT} remove muster-controller`)
    expect(await controller.ok('ls /var/lib/muster-controller/controller.db')).toContain('controller.db')
    await controller.ok(`${APT} purge muster-controller`)

    expect((await controller.sh('ls -d /var/lib/muster-controller /etc/muster-controller')).out).toBe('')
  })
})
