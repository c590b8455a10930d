// SPDX-License-Identifier: Apache-2.0
/** The real terminal: standard streams and environment of this process. */
import { homedir } from 'node:os'
import type { Sink, Source, Terminal } from '../ports.ts'
import { problem } from '../problems.ts'

export function createTerminal(): Terminal {
  return {
    env: process.env,
    home: homeFolder(),
    input: createSource(),
    output: createSink(process.stdout),
    error: createSink(process.stderr),
  }
}

function homeFolder(): string | undefined {
  try {
    return homedir() || undefined
  } catch {
    // A user id without an entry in passwd, as containers have.
    return undefined
  }
}

function createSink(stream: NodeJS.WriteStream): Sink {
  // The reader went away (`| head`): there is nobody left to tell, so this is an end and not a failure.
  stream.on('error', (thrown: NodeJS.ErrnoException) => {
    process.exit(thrown.code === 'EPIPE' ? 0 : 1)
  })
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      // A terminal that was never told its size says 0.
      return stream.isTTY && stream.columns > 0 ? stream.columns : undefined
    },
    write: content =>
      new Promise(resolve => {
        stream.write(content, () => resolve())
      }),
  }
}

function createSource(): Source {
  return { isTerminal: process.stdin.isTTY === true, read: readAll, ask, keys }
}

async function readAll(maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length
    if (size > maxBytes) throw problem('input-unreadable', `standard input is longer than ${maxBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function ask(question: string, options: { hidden: boolean; signal: AbortSignal }): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const { Writable } = await import('node:stream')
  // Readline echoes what is typed through its output, so a deaf one hides it.
  const deaf = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    output: options.hidden ? deaf : process.stderr,
    terminal: process.stdin.isTTY === true,
  })
  // In raw mode Ctrl-C is a key and not a signal.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    if (options.hidden) process.stderr.write(question)
    const answer = await lines.question(options.hidden ? '' : question, { signal: options.signal })
    if (options.hidden) process.stderr.write('\n')
    return answer
  } finally {
    lines.close()
  }
}

function keys(take: (bytes: Uint8Array | undefined) => void): () => void {
  const { stdin } = process
  const onData = (bytes: Buffer): void => take(bytes)
  const onEnd = (): void => take(undefined)
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', onData).on('end', onEnd)
  return () => {
    stdin.off('data', onData).off('end', onEnd)
    if (stdin.isTTY) stdin.setRawMode(false)
    stdin.pause()
  }
}
