// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management only, by its own script on a real Debian: from the controller's repository, then from a kit without a network. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../arch/tree.ts'
import { type Machine, openWorld, type World } from '../support/roots.ts'
import { whyNoLongRoots } from '../support/roots-base.ts'
import { CONTROLLER, CONTROLLER_URL, installController, type Plant } from '../support/roots-controller.ts'
import { openRepository, type Repository } from '../support/roots-plant.ts'

const why = whyNoLongRoots()
if (why !== undefined) process.stdout.write(`tests of the script for out-of-band management only are skipped: ${why}\n`)

const PACKAGES = ['muster-runtime', 'muster-agent', 'muster-agent-oob', 'muster-controller']
const SCRIPT = 'sh /root/install.sh'

// What one step leaves is what the next begins with, so nothing is tried twice.
describe.skipIf(why !== undefined)('out-of-band management only', { retry: 0 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-oob-only-'))
  let repository: Repository
  let world: World
  let controller: Machine
  let node: Machine
  let plant: Plant
  let settings: Record<string, string> = {}

  let failed: string | undefined
  const step = (name: string, act: () => Promise<void>): void => {
    it(name, async context => {
      if (failed !== undefined) context.skip(`"${failed}" has failed`)
      failed = name // until it has ended well
      await act()
      failed = undefined
    })
  }
  const journal = async () => (await node.sh('journalctl -u muster-agent | tail -n 30')).out
  const run = (args: string, more: Record<string, string> = {}) => {
    const lines = Object.entries({ ...settings, ...more }).map(([name, value]) => `${name}=${value}\n`)
    return node.sh(`umask 077; cat > /root/oob.env; ${SCRIPT} --env /root/oob.env ${args}`, { input: lines.join('') })
  }

  beforeAll(async () => {
    repository = await openRepository('deb', PACKAGES)
    world = await openWorld()
    const kit = join(dir, 'kit.tar')
    execFileSync(process.execPath, [
      join(ROOT, 'provisioning/main.ts'),
      ...['kit', 'build', '--repository', repository.dir, '--out', kit, '--package', 'muster-agent-oob'],
    ])
    execFileSync('tar', ['xf', kit, '-C', dir])
    ;[controller, node] = [
      await world.machine(CONTROLLER, { '/srv/muster/repository': repository.dir }),
      await world.machine('press-04', { '/media': dir }),
    ]
    await Promise.all([controller.boot(), node.boot()])
    await node.put('/root/install.sh', readFileSync(join(ROOT, 'packaging/oob-only/install.sh'), 'utf8'))
  })
  afterAll(async () => {
    await world?.close()
    await repository?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  step('has a controller to join', async () => {
    plant = await installController(world, controller, repository)
    const { rootFingerprint, keys } = plant.packages
    settings = {
      MUSTER_OOB_CONTROLLER: CONTROLLER_URL,
      MUSTER_OOB_FINGERPRINT: `sha256:${rootFingerprint}`,
      MUSTER_OOB_KEY: keys.apt,
      MUSTER_OOB_TOKEN: await plant.joinToken(),
    }
    expect(rootFingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  step('says what is missing, and does nothing when it is only asked', async () => {
    const before = await node.ok('dpkg -l | wc -l; find /etc | wc -l')
    const [checked, dry] = [await run('--check'), await run('--dry-run')]

    expect(checked.code).toBe(1)
    expect(checked.out).toMatch(/^missing {2}package muster-agent-oob$/m)
    expect([dry.code, dry.err]).toEqual([0, ''])
    expect(dry.out).toMatch(/would run: .*muster-agent-oob/)
    expect(await node.ok('dpkg -l | wc -l; find /etc | wc -l')).toBe(before)
  })

  step('installs nothing for fingerprints that are not those of controller, key and token', async () => {
    const other = await run('', { MUSTER_OOB_FINGERPRINT: `sha256:${'0'.repeat(64)}` })
    const key = await run('', { MUSTER_OOB_KEY: '0'.repeat(40) })

    expect([other.code, key.code], other.err + key.err).toEqual([4, 4])
    expect((await node.sh('dpkg -s muster-agent')).code).not.toBe(0)
    expect((await node.sh('ls /etc/apt/sources.list.d/muster.list')).code).not.toBe(0)
  })

  step('installs from the controller and runs only what it needs', async () => {
    const said = await run('')
    expect(said.code, said.out + said.err).toBe(0)

    const host = await plant.firstOnline(journal)
    const sections = host.capabilities.map(({ section }: { section: string }) => section)
    const settled = await node.ok('stat -c "%a %U:%G" /etc/muster-agent/oob.env; cat /etc/muster-agent/oob.env')
    const pid = (await node.ok('systemctl show -p MainPID --value muster-agent')).trim()
    expect(sections).toEqual(expect.arrayContaining(['power', 'amt']))
    expect(sections).not.toContain('hardware')
    expect(settled).toMatch(/^600 root:root\n/)
    expect(settled).toContain('MUSTER_AGENT_PLUGINS=amt,power')
    expect(settled).not.toContain('muster-join')
    expect(await node.ok(`tr '\\0' '\\n' < /proc/${pid}/environ`)).toContain('MUSTER_AGENT_PLUGINS=amt,power')
  })

  step('finds everything in place afterwards, and changes nothing when it is run again', async () => {
    const pid = await node.ok('systemctl show -p MainPID --value muster-agent')
    const [checked, again] = [await run('--check'), await run('')]

    expect([checked.code, again.code], checked.out + again.err).toEqual([0, 0])
    expect(again.out).toContain('the machine has joined already')
    expect(await node.ok('systemctl show -p MainPID --value muster-agent')).toBe(pid)
  })

  step('takes over a setting that has changed', async () => {
    const said = await run('', { MUSTER_AGENT_PLUGINS: 'power' })

    const pid = (await node.ok('systemctl show -p MainPID --value muster-agent')).trim()
    expect(said.code, said.err).toBe(0)
    expect(await node.ok(`tr '\\0' '\\n' < /proc/${pid}/environ`)).toContain('MUSTER_AGENT_PLUGINS=power\n')
  })

  step('goes, keeping who the machine is, and comes back from a kit without a network', async () => {
    const gone = await node.sh(`${SCRIPT} --uninstall`)
    expect(gone.code, gone.err).toBe(0)
    expect((await node.sh('ls /etc/muster-agent/oob.env')).code).not.toBe(0)
    await node.ok('ls /var/lib/muster-agent/identity/')
    await node.ok('rm -f /etc/apt/sources.list.d/* /etc/apt/sources.list')

    const back = await run('', { MUSTER_OOB_KIT: '/media/muster-kit' })

    expect(back.code, back.out + back.err).toBe(0)
    expect(back.out).toContain('the machine has joined already')
    expect((await plant.firstOnline(journal)).presence.online).toBe(true)
  })

  step('is gone for good when it is purged', async () => {
    const said = await node.sh(`${SCRIPT} --purge`)

    expect(said.code, said.err).toBe(0)
    expect((await node.sh('ls -d /var/lib/muster-agent /etc/muster-agent/oob.env')).out).toBe('')
  })
})
