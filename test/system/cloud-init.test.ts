// SPDX-License-Identifier: Apache-2.0
/** A machine that configures itself at its first start joins by the seed of muster-provision, with nobody typing anything. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../arch/tree.ts'
import { type Machine, openWorld, type World } from '../support/roots.ts'
import { baseTree, whyNoLongRoots } from '../support/roots-base.ts'
import { CONTROLLER, CONTROLLER_URL, installController, type Plant } from '../support/roots-controller.ts'
import { ask, openRepository, type Repository } from '../support/roots-plant.ts'

const DEBS = join(ROOT, 'node_modules/.cache/cloud-init-debs')

const why = whyNoLongRoots() ?? whyNoCloudInit()
if (why !== undefined) process.stdout.write(`the test with cloud-init is skipped: ${why}\n`)

/** Debian's own cloud-init with what it needs beyond the base; fetched once. */
function whyNoCloudInit(): string | undefined {
  if (existsSync(DEBS)) return undefined
  const draft = `${DEBS}.${process.pid}`
  mkdirSync(join(draft, 'partial'), { recursive: true })
  const options = {
    'Dir::State::status': join(baseTree(), 'var/lib/dpkg/status'),
    'Dir::Cache::archives': draft,
    'Debug::NoLocking': 'true',
    'APT::Sandbox::User': 'root',
  }
  const set = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const args = ['install', '-y', '--no-install-recommends', '--download-only', ...set, 'cloud-init']
  const { status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', timeout: 60_000 })
  if (status === 0 && !existsSync(DEBS)) renameSync(draft, DEBS)
  rmSync(draft, { recursive: true, force: true })
  return status === 0 ? undefined : `cloud-init cannot be had here: ${stderr.trim().split('\n').at(-1)}`
}

describe.skipIf(why !== undefined)('a machine with cloud-init', { retry: 0 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-cloud-init-'))
  let repository: Repository
  let world: World
  let plant: Plant
  let node: Machine
  beforeAll(async () => {
    repository = await openRepository('deb', [
      'muster-runtime',
      'muster-agent',
      'muster-agent-oob',
      'muster-controller',
    ])
    world = await openWorld()
    const controller = await world.machine(CONTROLLER, { '/srv/muster/repository': repository.dir })
    node = await world.machine('blank', { '/media': DEBS })
    await Promise.all([controller.boot(), node.boot()])
    const offline = '-o Dpkg::Options::=--force-unsafe-io -o Dir::Etc::SourceList=/dev/null'
    ;[plant] = await Promise.all([
      installController(world, controller, repository),
      node.ok(`DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${offline} /media/*.deb`),
    ])
  })
  afterAll(async () => {
    await world?.close()
    await repository?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is a host after its first start', async () => {
    for (const name of ['muster-archive-keyring.asc', 'controller-root.pem'])
      writeFileSync(
        join(dir, name),
        (await ask(world, `${CONTROLLER_URL}/packages/keys/${name}`, { method: 'GET' })).body,
      )
    writeFileSync(join(dir, 'token'), await plant.joinToken())
    execFileSync(process.execPath, [
      ...[
        join(ROOT, 'provisioning/main.ts'),
        'seed',
        '--url',
        CONTROLLER_URL,
        '--keys',
        dir,
        '--out',
        join(dir, 'seeds'),
      ],
      ...[
        '--fingerprint',
        plant.packages.rootFingerprint,
        '--hostname',
        'press-07',
        '--token-file',
        join(dir, 'token'),
      ],
    ])
    const seed = (name: string) => readFileSync(join(dir, 'seeds/press-07', name), 'utf8')
    // There is no network to configure here, and no mirror of Debian to ask.
    await node.put(
      '/etc/cloud/cloud.cfg.d/90_test.cfg',
      'datasource_list: [NoCloud]\nnetwork: {config: disabled}\napt: {preserve_sources_list: true}\n',
    )
    await node.put('/var/lib/cloud/seed/nocloud/user-data', seed('user-data'))
    await node.put('/var/lib/cloud/seed/nocloud/meta-data', seed('meta-data'))
    await node.ok(
      'rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*; cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data',
    )
    await node.poweroff()

    await node.boot()

    const log = async () => (await node.sh('cloud-init status --long; tail -n 40 /var/log/cloud-init-output.log')).out
    const host = await plant.firstOnline(log)
    expect(host.hostname ?? host.name, await log()).toBe('press-07')
    expect((await node.sh('ls /run/muster-join')).code).not.toBe(0)
    expect(await node.ok('hostname; systemctl is-active muster-agent')).toBe('press-07\nactive\n')
  })
})
