// SPDX-License-Identifier: Apache-2.0
/** The program as a process: start time, signals, pipes, odd surroundings, completion in a real shell. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE } from '../../plugins/contract/index.ts'
import { createDesk, type Desk } from '../support/muster.ts'

const BIN = fileURLToPath(new URL('../../controller/cli/bin.js', import.meta.url))
const HOSTS = ['press-04', 'press-05', 'lathe-01'].map((name, n) => ({
  resourceId: `host-0000000${n}`,
  name,
  presence: { online: true, lastSeen: new Date().toISOString() },
}))

let desk: Desk
let server: Server
let url: string
/** What the next requests get; the default lists hosts. */
let answer: (request: IncomingMessage, response: ServerResponse) => void
const asked: string[] = []

function answerHosts(_: IncomingMessage, response: ServerResponse, hosts: readonly object[] = HOSTS): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ hosts, totalElements: hosts.length, hasNext: false }))
}

beforeAll(async () => {
  desk = createDesk()
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  mkdirSync(join(desk.home, 'muster'))
  const contexts = { v: 1, current: 'fake', contexts: { fake: { url, token: 'muster_pat_x' } } }
  writeFileSync(join(desk.home, 'muster', 'contexts.json'), JSON.stringify(contexts), { mode: 0o600 })
  answer = answerHosts
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
  desk.remove()
})

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, MUSTER_HOME: join(desk.home, 'muster'), ...env },
  })
}

function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', '']
  child.stdout?.on('data', part => {
    out += part
  })
  child.stderr?.on('data', part => {
    err += part
  })
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })))
}

const muster = (args: readonly string[], env?: Readonly<Record<string, string>>) => ended(start(args, env))

describe('starting', () => {
  it('says its version', async () => {
    expect((await muster(['version'])).out).toMatch(/^muster \d+\.\d+\.\d+\n$/)
  })

  it('needs nothing of the controller but the contract and the language of filters', () => {
    const folder = fileURLToPath(new URL('../../controller/cli/', import.meta.url))
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
    const outside = sources.flatMap(name =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/from '([^']+)'|import\('([^']+)'\)/g)]
        .map(match => match[1] ?? match[2] ?? '')
        .filter(from => !from.startsWith('node:'))
        .filter(from => !from.startsWith('.') || normalize(join(name, '..', from)).startsWith('..'))
        .filter(from => !/^(\.\.\/)+(plugins\/contract|query)\/[a-z-]+\.ts$/.test(from))
        .map(from => `${name}: ${from}`),
    )

    expect(outside.sort()).toEqual([
      'program.ts: commander',
      'render/yaml.ts: yaml',
      'system/sockets.ts: ws',
      'version.ts: ../../package.json',
    ])
  })

  it.each([['version'], ['host', 'ls']])(
    'does not load schemas, which take longer than all the rest: %s %s',
    async (...args) => {
      const hook = `import { registerHooks } from 'node:module'
      let schemas = 0
      registerHooks({ load: (url, context, next) => (url.includes('/typebox/') && schemas++, next(url, context)) })
      process.on('exit', () => process.stderr.write('schemas: ' + schemas))`
      const { code, err } = await muster(args, {
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
      })

      expect({ code, err }).toEqual({ code: 0, err: 'schemas: 0' })
    },
  )
})

describe('signals', () => {
  it('detach from what goes on, with its id and exit code 130', async () => {
    const id = '01JD2Z9B3Q8V5K7M4N6P0R2S4T'
    answer = (_, response) => void response // it never answers
    const reached = new Promise<void>(resolve => server.once('request', () => resolve()))
    const child = start(['command', 'wait', id])
    const end = ended(child)
    await reached
    child.kill('SIGINT')

    expect(await end).toEqual({ code: 130, out: '', err: `detached: ${id}\ntry: muster command wait ${id}\n` })
    answer = answerHosts
  })

  it('end a watch', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(
        'id: 4\nevent: host.online\ndata: {"id":4,"at":"2026-11-21T05:00:00.000Z","project":"default","type":"host.online","subject":"host-1","data":{}}\n\n',
      )
    }
    const child = start(['events', '-w'])
    const seen = new Promise<string>(resolve => child.stdout?.once('data', part => resolve(String(part))))
    const end = ended(child)
    expect(JSON.parse(await seen)).toMatchObject({ id: 4, type: 'host.online' })
    child.kill('SIGINT')

    expect((await end).code).toBe(130)
    answer = answerHosts
  })
})

describe('pipes', () => {
  it('may be closed by their reader', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => ({ ...HOSTS[0], name: `host-number-${n}` }))
    answer = (request, response) => answerHosts(request, response, many)
    const child = start(['host', 'ls'])
    const end = ended(child)
    child.stdout?.once('data', () => child.stdout?.destroy())

    expect(await end).toMatchObject({ code: 0, err: '' })
    answer = answerHosts
  })

  it('get everything when the reader is slow', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => ({ ...HOSTS[0], name: `host-number-${n}` }))
    answer = (request, response) => answerHosts(request, response, many)
    const { out } = await muster(['host', 'ls'])

    expect(out.split('\n')).toHaveLength(20_002)
    answer = answerHosts
  })
})

describe('odd surroundings', () => {
  it('do not matter: no HOME, no TERM, no PATH', async () => {
    const bare = (args: readonly string[], env: Record<string, string>) =>
      ended(spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env }))

    expect((await bare(['help', 'output'], {})).code).toBe(0)
    expect((await bare(['host', 'ls'], { MUSTER_HOME: join(desk.home, 'muster') })).code).toBe(0)
    expect(await bare(['host', 'ls'], { HOME: '/nonexistent' })).toMatchObject({
      code: 3,
      err: expect.stringContaining('[no-context]'),
    })
    expect(await bare(['context', 'use', 'x'], { HOME: '/dev/null' })).toMatchObject({ code: 4 })
  })

  it('say in words that nothing can be kept', async () => {
    const { code, err } = await muster(['login', url, '--token-file', BIN], { MUSTER_HOME: '/dev/null/muster' })

    expect(code).not.toBe(1)
    expect(err).not.toMatch(/\n\s+at /)
  })

  it('never show a stack, whatever goes wrong', async () => {
    answer = (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end('{"hosts":[null],"totalElements":1,"hasNext":false}')
    }
    const { code, err } = await muster(['host', 'ls'])

    expect(code).toBe(1)
    expect(err).toMatch(/^error: something inside failed: .* \[internal\]\ntry: .*\n$/)
    answer = answerHosts
  })
})

describe('completion', () => {
  const script = (shell: string) =>
    execFileSync(process.execPath, [BIN, 'completion', shell], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  /** Completes a line in bash as a person would see it. */
  function inBash(...line: readonly string[]): readonly string[] {
    const path = join(desk.home, 'bin')
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'muster'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`)
    chmodSync(join(path, 'muster'), 0o755)
    writeFileSync(join(desk.home, 'muster.bash'), script('bash'))
    const quoted = ['muster', ...line].map(word => `'${word}'`).join(' ')
    const body = `. "${desk.home}/muster.bash"; COMP_WORDS=(${quoted}); COMP_CWORD=${line.length}; _muster muster; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync('bash', ['--norc', '-c', body], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: `${path}:${process.env.PATH}`, MUSTER_HOME: join(desk.home, 'muster') },
    })
    return out.split('\n').filter(each => each !== '')
  }

  it.each(['bash'])('is a valid script of %s', shell => {
    execFileSync(shell, ['-n'], { input: script(shell) })
  })

  it('for zsh and fish passes the line on', () => {
    expect(script('zsh')).toContain('__complete zsh')
    expect(script('fish')).toContain('__complete fish')
    expect(() => script('csh')).toThrow()
  })

  it('offers verbs, options and files in bash', () => {
    expect(inBash('host', 'reb')).toEqual(['reboot'])
    expect(inBash('host', 'reboot', '--dry')).toEqual(['--dry-run'])
    expect(inBash('audit', 'verify', `${desk.home}/muster.b`)).toEqual([`${desk.home}/muster.bash`])
  })
})

describe('live names', () => {
  const complete = (...line: readonly string[]) => muster(['__complete', 'bash', ...line])
  const cache = () => join(desk.home, 'muster', 'names-fake-default.json')
  const remember = (changes: object) =>
    writeFileSync(cache(), JSON.stringify({ ...JSON.parse(readFileSync(cache(), 'utf8')), ...changes }))

  it('come from the controller, and for half a minute from the last time', async () => {
    // It waits a second while it knows nothing, which may not be enough on a busy machine, and rests for five then.
    await expect
      .poll(async () => (await complete('host', 'get', 'press')).out, { timeout: 25_000 })
      .toBe('press-04\npress-05\n')
    asked.length = 0
    expect((await complete('host', 'get', 'la')).out).toBe('lathe-01\n')

    expect(asked).toEqual([])
    expect(statSync(cache()).mode & 0o777).toBe(0o600)
  })

  it('come from the last time when the controller does not answer, at once', async () => {
    remember({ at: Date.now() - MINUTE })
    answer = (_, response) => void response // it never answers
    const began = performance.now()
    const { out, code, err } = await complete('host', 'get', 'la')

    expect({ out, code, err }).toEqual({ out: 'lathe-01\n', code: 0, err: '' })
    expect(performance.now() - began).toBeLessThan(10_000)
    answer = answerHosts
  })

  it('are not asked for again at once when that was in vain', async () => {
    remember({ at: 0, missed: Date.now() })
    asked.length = 0

    expect((await complete('host', 'get', 'la')).out).toBe('lathe-01\n')
    expect(asked).toEqual([])
  })

  it.each([
    ['old', () => remember({ at: Date.now() - 10 * MINUTE, names: ['lathe-99'] })],
    ['of a time to come', () => remember({ at: Date.now() + 10 * MINUTE, names: ['lathe-99'] })],
    ['no names', () => writeFileSync(cache(), '{"at":')],
  ])('are asked for in earnest, of a controller that is far away, when what is kept is %s', async (_, keep) => {
    answer = (request, response) => void setTimeout(() => answerHosts(request, response), 300)
    keep()

    await expect.poll(async () => (await complete('host', 'get', 'la')).out, { timeout: 25_000 }).toBe('lathe-01\n')
    answer = answerHosts
  })

  it('are none, and no error, when nobody is signed in', async () => {
    const { out, code, err } = await muster(['__complete', 'bash', 'host', 'get', ''], {
      MUSTER_HOME: join(desk.home, 'empty'),
    })

    expect({ out, code, err }).toEqual({ out: '', code: 0, err: '' })
  })
})

/** A real terminal, by util-linux' `script`; tests that need one say so where there is none. */
const SCRIPT = '/usr/bin/script'

describe.skipIf(!existsSync(SCRIPT))('in a real terminal', () => {
  const inTerminal = async (columns: number, env: Readonly<Record<string, string>>): Promise<string> => {
    const line = `stty cols ${columns} rows 24; exec "$NODE" "$BIN" host ls`
    // Not at once: the server that answers it is in this process.
    const child = spawn(SCRIPT, ['-qec', line, '/dev/null'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        SHELL: '/bin/sh',
        NODE: process.execPath,
        BIN,
        MUSTER_HOME: join(desk.home, 'muster'),
        ...env,
      },
    })
    return (await ended(child)).out.replaceAll('\r', '')
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const plain = (text: string): string => text.replaceAll(/\u001b\[[0-9;?]*[a-zA-Z]/g, '')

  it('of 40 columns no row is broken', async () => {
    const lines = plain(await inTerminal(40, { TERM: 'xterm-256color' })).split('\n')

    const table = lines.filter(line => /^(NAME|press-|lathe-)/.test(line))

    expect(table).toHaveLength(4)
    expect(Math.max(...table.map(line => line.length))).toBeLessThanOrEqual(40)
  })

  it('that is dumb nothing but text is written', async () => {
    const text = await inTerminal(80, { TERM: 'dumb' })

    expect(text).toContain('press-04')
    expect(plain(text)).toBe(text)
  })
})
