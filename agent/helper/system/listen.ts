// SPDX-License-Identifier: Apache-2.0
/** The socket of the helper: one line in and one line out on each connection, bounded in size, number and time. */
import { chmodSync, chownSync, lstatSync, unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../../plugins/contract/index.ts'
import { readLines } from '../../hosting/lines.ts'
import type { Answer } from '../wire.ts'
import { LINE_WITHIN_MS, MAX_ANSWER_BYTES, MAX_REQUEST_BYTES } from '../wire.ts'

/** Connections at once; the kernel closes what comes beyond. */
const MOST_CONNECTIONS = 32

/** What the service manager passed (sd_listen_fds(3)), or a path to make. */
export type Where = { readonly fd: number } | { readonly path: string; readonly gid?: number }

export type ListenParts = {
  readonly where: Where
  readonly clock: Clock
  readonly answer: (line: Uint8Array, signal: AbortSignal) => Promise<Answer>
  /** Told once for each line that is too long, and for each client that is too slow. */
  readonly onFault: (what: string) => void
}

export interface Listening {
  /** Connections that are open. */
  readonly open: number
  /** Milliseconds on the monotonic clock when something was last under way. */
  readonly lastUse: number
  /** Lets go of every connection, and resolves when none is left. */
  close(): Promise<void>
}

/** Listens; rejects with what the operating system says when it cannot. */
export async function listen(parts: ListenParts): Promise<Listening> {
  const { where, clock } = parts
  const open = new Set<Socket>()
  let lastUse = clock.monotonic()
  const server = createServer(socket => {
    open.add(socket)
    lastUse = clock.monotonic()
    socket.once('close', () => {
      open.delete(socket)
      lastUse = clock.monotonic()
    })
    serve(socket, parts)
  })
  server.maxConnections = MOST_CONNECTIONS
  await listening(server, where)
  return {
    get open() {
      return open.size
    },
    get lastUse() {
      return open.size > 0 ? clock.monotonic() : lastUse
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function listening(server: Server, where: Where): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      if ('path' in where) restrict(where.path, where.gid)
      resolve()
    })
    if ('fd' in where) server.listen({ fd: where.fd })
    else {
      removeStale(where.path)
      // Nobody may connect before the owner has been set.
      const before = process.umask(0o177)
      server.listen(where.path)
      process.umask(before)
    }
  })
}

function restrict(path: string, gid: number | undefined): void {
  if (gid !== undefined) chownSync(path, process.getuid?.() ?? 0, gid)
  chmodSync(path, 0o660)
}

/** What a helper that was killed left behind; anything but a socket is left alone. */
function removeStale(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path)
}

function serve(socket: Socket, { clock, answer, onFault }: ListenParts): void {
  const gone = new AbortController()
  let asked = false
  const patience = (what: string): (() => void) =>
    clock.after(LINE_WITHIN_MS, () => {
      onFault(what)
      socket.destroy()
    })
  let forget = patience('a client did not send its request in time')
  socket.on('error', () => undefined)
  socket.once('close', () => {
    forget()
    gone.abort(new Error('the client has gone'))
  })
  const reply = async (line: Uint8Array): Promise<void> => {
    forget()
    const text = spelled(await answer(line, gone.signal))
    if (gone.signal.aborted) return
    forget = patience('a client did not take its answer in time')
    socket.end(text)
  }
  const lines = readLines(
    MAX_REQUEST_BYTES,
    line => {
      // One request each: what follows the first line is not read.
      if (asked) return
      asked = true
      void reply(line)
    },
    () => {
      onFault('a request is too long')
      socket.destroy()
    },
  )
  socket.on('data', chunk => {
    if (!asked) lines.push(chunk)
  })
}

function spelled(answer: Answer): string {
  const text = `${JSON.stringify(answer)}\n`
  if (Buffer.byteLength(text) <= MAX_ANSWER_BYTES) return text
  throw new RangeError('an answer beyond what any verb gives')
}
