// SPDX-License-Identifier: Apache-2.0
/** The small programs that every simulated host has. */
import type { Clock } from '../../plugins/contract/index.ts'
import type { SimulatedFacts, SimulatedNic } from '../facts.ts'
import { exited, type Program, type Programs } from '../processes.ts'

export type BaseOptions = {
  readonly facts: SimulatedFacts
  readonly clock: Clock
  /** The name the kernel goes by. */
  readonly hostname: () => string
  readonly setHostname: (name: string, options: { readonly lasting: boolean }) => void
  readonly linked: () => boolean
}

export function basePrograms(options: BaseOptions): Programs {
  return new Map<string, Program>([
    ['hostname', hostname(options)],
    ['hostnamectl', hostnamectl(options)],
    ['ip', ip(options)],
    ['sleep', sleep(options)],
    ['uname', uname(options)],
  ])
}

function hostname({ hostname, setHostname }: BaseOptions): Program {
  return ({ args }) => {
    const [name] = args
    if (name === undefined) return exited(0, `${hostname()}\n`)
    if (name.startsWith('-')) return exited(1, '', `hostname: invalid option -- '${name}'\n`)
    setHostname(name, { lasting: false })
    return exited(0)
  }
}

function hostnamectl({ hostname, setHostname }: BaseOptions): Program {
  return ({ args }) => {
    const [verb, name] = args.filter(arg => !arg.startsWith('-'))
    if (verb === undefined || verb === 'status') return exited(0, ` Static hostname: ${hostname()}\n`)
    if (verb !== 'set-hostname' && verb !== 'hostname') return exited(1, '', `Unknown command verb '${verb}'.\n`)
    if (name === undefined) return exited(0, `${hostname()}\n`)
    setHostname(name, { lasting: true })
    return exited(0)
  }
}

function sleep({ clock }: BaseOptions): Program {
  return async ({ args, signal }) => {
    const seconds = Number(args[0])
    if (!(seconds >= 0)) return exited(1, '', `sleep: invalid time interval '${args[0] ?? ''}'\n`)
    await clock.sleep(seconds * 1_000, signal)
    return exited(0)
  }
}

function uname({ facts, hostname }: BaseOptions): Program {
  return ({ args }) => {
    const { kernel, build } = facts.image
    const words = { s: 'Linux', n: hostname(), r: kernel, v: build, m: 'x86_64', o: 'GNU/Linux' }
    const letters = args.join('').replaceAll('-', '') || 's'
    const wanted = letters.includes('a') ? Object.values(words) : pick(words, letters)
    return wanted === undefined ? exited(1, '', 'uname: invalid option\n') : exited(0, `${wanted.join(' ')}\n`)
  }
}

function pick(words: Readonly<Record<string, string>>, letters: string): readonly string[] | undefined {
  if ([...letters].some(letter => words[letter] === undefined)) return undefined
  return Object.entries(words)
    .filter(([letter]) => letters.includes(letter))
    .map(([, word]) => word)
}

function ip(options: BaseOptions): Program {
  return ({ args }) => {
    const [object = ''] = args.filter(arg => !arg.startsWith('-'))
    if (!args.includes('-j') && !args.includes('-json')) return exited(1, '', 'this simulated ip only speaks JSON\n')
    if (object.startsWith('a')) return exited(0, `${JSON.stringify(addresses(options))}\n`)
    if (object.startsWith('r')) return exited(0, `${JSON.stringify(routes(options))}\n`)
    return exited(1, '', `Object "${object}" is unknown, try "ip help".\n`)
  }
}

function addresses({ facts, linked }: BaseOptions): readonly object[] {
  const lo = {
    ifindex: 1,
    ifname: 'lo',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    mtu: 65_536,
    operstate: 'UNKNOWN',
    link_type: 'loopback',
    address: '00:00:00:00:00:00',
    addr_info: [
      { family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host', label: 'lo' },
      { family: 'inet6', local: '::1', prefixlen: 128, scope: 'host' },
    ],
  }
  return [lo, ...facts.nics.map((nic, at) => addressOf(nic, at + 2, linked()))]
}

function addressOf(nic: SimulatedNic, index: number, linked: boolean): object {
  const up = nic.linked && linked
  return {
    ifindex: index,
    ifname: nic.name,
    flags: up ? ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'] : ['BROADCAST', 'MULTICAST'],
    mtu: 1_500,
    operstate: up ? 'UP' : 'DOWN',
    link_type: 'ether',
    address: nic.mac,
    broadcast: 'ff:ff:ff:ff:ff:ff',
    addr_info: [
      ...(up && nic.ipv4 !== undefined
        ? [{ family: 'inet', local: nic.ipv4, prefixlen: 24, scope: 'global', dynamic: true, label: nic.name }]
        : []),
      ...(up && nic.ipv6 !== undefined
        ? [{ family: 'inet6', local: shortIpv6(nic.ipv6), prefixlen: 64, scope: 'link' }]
        : []),
    ],
  }
}

/** A link-local address as RFC 5952 writes it: its three zero groups are the longest run there is. */
function shortIpv6(hex: string): string {
  const groups = hex.match(/.{4}/g)?.map(group => Number.parseInt(group, 16).toString(16)) ?? []
  return `${groups[0]}::${groups.slice(4).join(':')}`
}

function routes({ facts, linked }: BaseOptions): readonly object[] {
  const [first] = facts.nics
  if (first?.ipv4 === undefined || !linked()) return []
  return [
    { dst: 'default', gateway: facts.gateway, dev: first.name, protocol: 'dhcp', metric: 100, flags: [] },
    { dst: facts.gateway.replace(/\d+$/, '0/24'), dev: first.name, protocol: 'kernel', scope: 'link', flags: [] },
  ]
}
