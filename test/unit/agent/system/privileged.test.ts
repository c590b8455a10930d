// SPDX-License-Identifier: Apache-2.0
/** Which program runs of plugins go to the helper, and what they say there. */
import fc from 'fast-check'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { VERBS } from '../../../../agent/helper/inputs.ts'
import { privilegedRead, privilegedReplace, privilegedRun } from '../../../../agent/system/privileged.ts'

const run = (line: string, env = {}) => {
  const [file = '', ...args] = line.split(' ')
  return privilegedRun(file, args, env)
}
const order = { server: 'wss://a/b', anyCertificate: false, ownRoots: false }

describe('a program run', () => {
  it.each([
    ['systemctl reboot --no-ask-password --message=Now', { verb: 'power.reboot', input: {} }],
    ['systemctl poweroff --no-ask-password', { verb: 'power.shutdown', input: {} }],
    ['shutdown -r now', { verb: 'power.reboot', input: {} }],
    ['shutdown -h now -- Bye', { verb: 'power.shutdown', input: {} }],
    [
      'systemctl unmask --no-ask-password lms.service',
      { verb: 'service.control', input: { do: 'unmask', unit: 'lms.service' } },
    ],
    ['modprobe mei_me', { verb: 'module.load', input: { module: 'mei_me' } }],
    [
      'hostnamectl --no-ask-password set-hostname press-7',
      { verb: 'hostname.set', input: { hostname: 'press-7', by: 'hostnamectl' } },
    ],
    ['hostname press-7', { verb: 'hostname.set', input: { hostname: 'press-7', by: 'hostname' } }],
    ['smartctl --json -a /dev/nvme0', { verb: 'smart.read', input: { disk: 'nvme0' } }],
    ['apt-get install -y chrony=4.3-2', { verb: 'package.install', input: { package: 'chrony', version: '4.3-2' } }],
    ['rpc version --json', { verb: 'rpc.look', input: { do: 'version' } }],
    ['rpc amtinfo -json', { verb: 'rpc.look', input: { do: 'amtinfo', style: 'v2' } }],
    [
      'rpc activate -u wss://a/b -profile p -n',
      {
        verb: 'rpc.act',
        input: { do: 'activate', style: 'v2', order: { ...order, profile: 'p', anyCertificate: true } },
      },
    ],
    ['rpc deactivate --url wss://a/b', { verb: 'rpc.act', input: { do: 'deactivate', style: 'v3', order } }],
  ])('%s goes to the helper', (line, act) => {
    expect(run(line)).toEqual(act)
  })

  it.each([
    'systemctl show --no-pager lms.service',
    'hostname',
    'hostnamectl status',
    'uname -m',
    'sleep 5',
    'ip addr',
  ])('%s needs no privilege', line => expect(run(line)).toBe('direct'))

  it.each([
    'rpc configure',
    'rpc activate -u wss://a/b --profile p',
    'rpc activate -u wss://a/b -u wss://c/d',
    'rpc activate -local -ccm',
    'rpc version --json --extra',
    'modprobe evil',
    'modprobe mei_me -r',
    'systemctl edit a.service',
    'systemctl start a.service b.service',
    'shutdown -c',
    'smartctl --test=long /etc/passwd',
    'apt-get remove bash',
    'apt-get install p',
    'systemctl start p',
  ])('%s is none the helper has', line => expect(run(line)).toBe('unknown'))

  it('becomes an input that its verb takes, whatever the words', () => {
    const word = fc.constantFrom(
      '-u',
      '--url',
      'wss://a/b',
      '-profile',
      'p',
      '-n',
      'activate',
      'version',
      '--json',
      'start',
      'x.service',
      'install',
    )
    const file = fc.constantFrom(
      'rpc',
      'systemctl',
      'hostname',
      'hostnamectl',
      'apt-get',
      'dnf',
      'smartctl',
      'toString',
      'constructor',
    )
    fc.assert(
      fc.property(file, fc.array(word, { maxLength: 8 }), (name, args) => {
        const verdict = privilegedRun(name, args, {})
        if (typeof verdict === 'string') return
        expect(Value.Check(VERBS[verdict.verb].input, verdict.input)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a file', () => {
  it('is read by the helper when the kernel shows it to root only', () => {
    expect(privilegedRead('/sys/class/dmi/id/product_uuid')).toMatchObject({ verb: 'dmi.read' })
    expect(privilegedRead('/sys/class/dmi/id/product_name')).toBe('direct')
  })

  it('is put by the helper where root writes, and by the agent in its own folder', () => {
    expect(privilegedReplace('/etc/hostname', 'a\n', 0o644)).toMatchObject({
      verb: 'file.put',
      input: { base64: 'YQo=' },
    })
    expect(privilegedReplace('/var/lib/muster-agent/amt/ledger.json', '{}', 0o600)).toBe('direct')
  })
})
