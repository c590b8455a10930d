// SPDX-License-Identifier: Apache-2.0
/** The os plugin: what it reports, how it gives the host its name, and that this always settles. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, findings, HOUR, reconcile } from '../../../../plugins/contract/index.ts'
import { OsDesired, os as section } from '../../../../plugins/os/contract.ts'
import { countDpkg } from '../../../../plugins/os/packages.ts'
import { plan } from '../../../../plugins/os/plan.ts'
import { os } from '../../../../plugins/os/plugin.ts'
import { parseOsRelease, steadyBootTime, zoneOf } from '../../../../plugins/os/release.ts'
import { type Answer, type FakeHost, fakeHost, realHost, type Tree } from '../host.ts'

const { signal } = new AbortController()
const KERNEL = '/proc/sys/kernel'

const HOST: Tree = {
  [`${KERNEL}/hostname`]: 'edge-01\n',
  [`${KERNEL}/osrelease`]: '6.12.0-1-amd64\n',
  [`${KERNEL}/version`]: '#1 SMP Example\n',
  [`${KERNEL}/arch`]: 'x86_64\n',
  [`${KERNEL}/random/boot_id`]: '5f07bee3-5248-4793-b189-da916edc2f70\n',
  '/proc/stat': 'cpu 1 2 3\nbtime 1795235481\n',
  '/etc/hostname': '# set at install\nedge-01\n',
  '/etc/os-release': 'ID=example\nNAME="Example Linux"\nPRETTY_NAME="Example Linux 7 \\"Nine\\""\nVERSION_ID=\'7\'\n',
  '/etc/localtime': { link: '/usr/share/zoneinfo/Europe/Berlin' },
}

/** A machine whose `hostname` and `hostnamectl` do what theirs do, each where it is installed. */
function machine(installed: readonly string[], tree: Tree = { ...HOST }): FakeHost {
  const answer: Answer = ({ file, args }) => {
    if (!installed.includes(file)) return {}
    const name = args.at(-1) ?? ''
    host.tree[`${KERNEL}/hostname`] = `${name}\n`
    if (file === 'hostnamectl') host.tree['/etc/hostname'] = `${name}\n`
    return { code: 0 }
  }
  const host = fakeHost(os.manifest.permissions, tree, answer)
  return host
}

describe('a report', () => {
  it('says which system runs, since when', async () => {
    const host = fakeHost(os.manifest.permissions, { ...HOST })
    const observed = await os.start(host).observe(signal)

    expect(findings(section.observed, observed)).toEqual([])
    expect(host.refused).toEqual([])
    expect(observed).toEqual({
      hostname: 'edge-01',
      staticHostname: 'edge-01',
      release: { id: 'example', name: 'Example Linux', prettyName: 'Example Linux 7 "Nine"', version: '7' },
      kernel: { release: '6.12.0-1-amd64', version: '#1 SMP Example', architecture: 'x86_64' },
      packages: { manager: 'none' },
      bootId: '5f07bee3-5248-4793-b189-da916edc2f70',
      bootedAt: '2026-11-21T04:31:21.000Z',
      timeZone: 'Europe/Berlin',
    })
  })

  it('is the same while the boot time wanders by a second', async () => {
    const host = fakeHost(os.manifest.permissions, { ...HOST })
    const running = os.start(host)
    const first = canonical(await running.observe(signal))
    host.tree['/proc/stat'] = 'btime 1795235482\n'

    expect(canonical(await running.observe(signal))).toBe(first)
  })

  it('follows a clock that was far off', async () => {
    const host = fakeHost(os.manifest.permissions, { ...HOST, '/proc/stat': 'btime 12\n' })
    const running = os.start(host)

    expect((await running.observe(signal)).bootedAt).toBe('1970-01-01T00:00:12.000Z')
    host.tree['/proc/stat'] = 'btime 1795235481\n'
    expect((await running.observe(signal)).bootedAt).toBe('2026-11-21T04:31:21.000Z')
  })

  it('asks `uname` on kernels without the file', async () => {
    const { [`${KERNEL}/arch`]: _without, ...older } = HOST
    const host = fakeHost(os.manifest.permissions, older, () => ({ code: 0, stdout: 'aarch64\n' }))
    const running = os.start(host)
    await running.observe(signal)

    expect((await running.observe(signal)).kernel.architecture).toBe('aarch64')
    expect(host.runs).toHaveLength(1)
  })

  it('survives a system that shows nothing', async () => {
    const observed = await os.start(fakeHost(os.manifest.permissions)).observe(signal)

    expect(findings(section.observed, observed)).toEqual([])
    expect(observed).toEqual({ hostname: '', release: {}, kernel: {}, packages: { manager: 'none' } })
  })

  it('survives files with anything in them', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...Object.keys(HOST)), text), async tree => {
        const observed = await os.start(fakeHost(os.manifest.permissions, tree)).observe(signal)
        expect(findings(section.observed, observed)).toEqual([])
        canonical(observed)
      }),
    )
  })
})

describe('packages', () => {
  const stanza = (name: string, status: string): string => `Package: ${name}\nStatus: ${status}\nVersion: 1\n\n`

  it('of dpkg are those it calls installed', () => {
    const status = [
      stanza('a', 'install ok installed'),
      stanza('b', 'deinstall ok config-files'),
      stanza('c', 'hold ok installed'),
      stanza('d', 'install ok half-installed'),
      'Package: e\nDescription: x\n Status: install ok installed\n',
    ].join('')

    expect(countDpkg(Buffer.from(status))).toBe(2)
    expect(countDpkg(Buffer.from('Package: a\nStatus: install ok installed'))).toBe(1)
    expect(countDpkg(new Uint8Array())).toBe(0)
  })

  it('of rpm are asked for once an hour', async () => {
    const host = fakeHost(os.manifest.permissions, { ...HOST, '/var/lib/rpm/rpmdb.sqlite': '' }, ({ file }) =>
      file === 'rpm' ? { code: 0, stdout: '...' } : {},
    )
    const running = os.start(host)

    expect((await running.observe(signal)).packages).toEqual({ manager: 'rpm', count: 3 })
    await running.observe(signal)
    expect(host.runs).toHaveLength(1)
    host.at += HOUR
    await running.observe(signal)
    expect(host.runs).toHaveLength(2)
  })

  it('of rpm are not counted when it does not answer', async () => {
    const host = fakeHost(os.manifest.permissions, { '/usr/lib/sysimage/rpm/rpmdb.sqlite': '' }, () => ({ code: 1 }))

    expect((await os.start(host).observe(signal)).packages).toEqual({ manager: 'rpm' })
  })
})

describe('small texts', () => {
  it('of os-release lose their quotes', () => {
    expect(parseOsRelease('A=1\n B="x \\$y"\nC=\'d "e"\'\n# F=g\nlower=no\nH="open\n')).toEqual({
      A: '1',
      B: 'x $y',
      C: 'd "e"',
      H: '"open',
    })
  })

  it.each([
    ['/usr/share/zoneinfo/Etc/UTC', 'Etc/UTC'],
    ['../usr/share/zoneinfo/America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['/usr/share/zoneinfo/posix/Asia/Tokyo', 'Asia/Tokyo'],
    ['/somewhere/else', undefined],
    [undefined, undefined],
  ])('name the zone behind %s', (target, zone) => {
    expect(zoneOf(target)).toBe(zone)
  })

  it('keep a boot time that was nearly right', () => {
    expect(steadyBootTime('2026-11-21T04:31:21.000Z', 1_795_235_540_000)).toBe('2026-11-21T04:31:21.000Z')
    expect(steadyBootTime('2026-11-21T04:31:21.000Z', 1_795_235_541_000)).toBe('2026-11-21T04:32:21.000Z')
    expect(steadyBootTime(undefined, 1_795_235_541_000)).toBe('2026-11-21T04:32:21.000Z')
  })
})

describe('a desired hostname', () => {
  const accepts = (hostname: string): boolean => findings(OsDesired, { hostname }).length === 0

  it.each(['a', 'edge-01', 'Edge-01.plant.example', '7', '1e3', 'a'.repeat(63), 'localhosts', 'x.localhostname'])(
    'may be %s',
    hostname => {
      expect(accepts(hostname)).toBe(true)
    },
  )

  it.each([
    '',
    '-edge',
    'edge-',
    'edge..example',
    'edge.',
    '.edge',
    'a'.repeat(64),
    `${'a'.repeat(32)}.${'b'.repeat(32)}`,
    'edge_01',
    'edge 01',
    'edge\n01',
    'edge\n',
    'ünder',
    '192.0.2.1',
    'localhost',
    'LocalHost',
    'a.localhost',
    'localhost.localdomain',
    '../../etc/shadow',
    '; rm -rf /',
    '$(id)',
    '-oProxyCommand=x',
  ])('may not be %j', hostname => {
    expect(accepts(hostname)).toBe(false)
  })

  it('may not come with anything else', () => {
    expect(findings(OsDesired, { hostname: 'edge', other: 1 })).not.toEqual([])
  })
})

describe('giving the host its name', () => {
  const named = { hostname: 'edge-02' }
  const all = (): undefined => undefined

  it('is nothing to do when no name is desired', async () => {
    const host = machine([])

    expect(await reconcile(os.start(host), {}, all, signal)).toEqual({ status: 'settled' })
    expect(host.runs).toEqual([])
  })

  it.each([[['hostnamectl', 'hostname']], [['hostname']]])('works with %j', async installed => {
    const host = machine(installed)

    expect(await reconcile(os.start(host), named, all, signal)).toEqual({ status: 'settled' })
    expect(host.tree['/etc/hostname']).toBe('edge-02\n')
    expect(host.refused).toEqual([])
  })

  it('hands the name over as one argument of its own', async () => {
    const host = machine(['hostname'])
    await reconcile(os.start(host), named, all, signal)

    expect(host.runs.map(({ file, args }) => [file, ...args])).toEqual([
      ['hostnamectl', '--no-ask-password', 'set-hostname', 'edge-02'],
      ['hostname', 'edge-02'],
    ])
  })

  it('finishes what a crash between file and kernel left', async () => {
    const host = machine(['hostname'], { ...HOST, '/etc/hostname': 'edge-02\n' })

    expect(await reconcile(os.start(host), named, all, signal)).toEqual({ status: 'settled' })
    expect(host.tree[`${KERNEL}/hostname`]).toBe('edge-02\n')
  })

  it('mends the name of the next boot', async () => {
    const host = machine(['hostname'], { ...HOST, [`${KERNEL}/hostname`]: 'edge-02\n' })

    expect(await reconcile(os.start(host), named, all, signal)).toEqual({ status: 'settled' })
    expect(host.tree['/etc/hostname']).toBe('edge-02\n')
  })

  it('says why it failed', async () => {
    const host = fakeHost(os.manifest.permissions, { ...HOST }, ({ file }) =>
      file === 'hostname' ? { code: 1, stderr: 'hostname: you must be root\n' } : {},
    )

    await expect(reconcile(os.start(host), named, all, signal)).rejects.toMatchObject({
      code: 'hostname-not-set',
      detail: 'hostname: you must be root',
      fields: { hostname: 'edge-02' },
    })
  })

  it('settles from any observed state in one step, and then plans nothing', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/)
    const file = fc.option(fc.oneof(name, fc.string({ unit: 'binary', maxLength: 80 })), { nil: undefined })
    const tools = fc.subarray(['hostnamectl', 'hostname'], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(name, file, file, tools, async (desired, kernel, etc, installed) => {
        const tree: Tree = { ...HOST }
        for (const [path, content] of [
          [`${KERNEL}/hostname`, kernel],
          ['/etc/hostname', etc],
        ] as const) {
          if (content === undefined) delete tree[path]
          if (content !== undefined) tree[path] = content
        }
        const host = machine(installed, tree)
        const running = os.start(host)
        const observed = await running.observe(signal)

        expect(plan({ hostname: desired }, observed).length).toBeLessThanOrEqual(1)
        expect(await reconcile(running, { hostname: desired }, all, signal)).toEqual({ status: 'settled' })
        expect(plan({ hostname: desired }, await running.observe(signal))).toEqual([])
        const ran = host.runs.length
        await reconcile(running, { hostname: desired }, all, signal)
        expect(host.runs).toHaveLength(ran)
      }),
    )
  })
})

describe.runIf(process.platform === 'linux')('this machine', () => {
  const say = (file: string, args: readonly string[]): string | undefined => {
    try {
      return execFileSync(file, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    } catch {
      return undefined
    }
  }

  it('has the kernel, the name and the packages its tools show', async () => {
    const host = realHost(os.manifest)
    const observed = await os.start(host).observe(signal)

    expect(findings(section.observed, observed)).toEqual([])
    expect(host.refused).toEqual([])
    expect(observed.kernel.release).toBe(say('uname', ['-r']))
    expect(observed.kernel.version).toBe(say('uname', ['-v']))
    expect(observed.kernel.architecture).toBe(say('uname', ['-m']))
    expect(observed.hostname).toBe(say('uname', ['-n']))
    if (observed.packages.manager !== 'dpkg') return
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder is dpkg-query's
    const installed = say('dpkg-query', ['-f', '${db:Status-Status}\n', '-W'])?.split('\n')
    expect(observed.packages.count).toBe(installed?.filter(status => status === 'installed').length)
  })
})
