// SPDX-License-Identifier: Apache-2.0
/** Serial over LAN: a console with a login prompt that says back what it hears. */
import { type Session, SessionError } from './session.ts'

export interface SolConsole {
  /** Everything that was typed, one character per byte (code page 437). */
  readonly typed: string
  /** Writes to whoever looks. */
  print(bytes: Buffer | string): void
  open(send: (bytes: Buffer) => void, close: () => void): Session
}

/** Host messages and how long they are; data brings its own length. */
const LENGTHS: Readonly<Record<number, number>> = { 32: 24, 34: 8, 37: 8, 39: 14, 43: 8 }
const PIECE = 1000
const REMEMBERED = 64 * 1024

/** Makes the serial console of one host; what runs on it goes on between sessions. */
export function createSol(): SolConsole {
  const shell = createShell()
  let typed = ''
  let output: ((bytes: Buffer) => void) | undefined

  return {
    get typed() {
      return typed
    },
    print(bytes) {
      output?.(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    },
    open(send, close) {
      let sequence = 0
      const head = (type: number): Buffer => {
        const bytes = Buffer.of(type, 0, 0, 0, 0, 0, 0, 0)
        bytes.writeUInt32LE(sequence++, 4)
        return bytes
      }
      const write = (bytes: Buffer): void => {
        for (let at = 0; at < bytes.length; at += PIECE) {
          const piece = bytes.subarray(at, at + PIECE)
          const length = Buffer.alloc(2)
          length.writeUInt16LE(piece.length)
          send(Buffer.concat([head(0x2a), length, piece]))
        }
      }
      const take = (bytes: Buffer): number => {
        const type = bytes[0] ?? 0
        const fixed = type === 0x28 ? dataLength(bytes) : LENGTHS[type]
        if (fixed === undefined && type !== 0x28) throw new SessionError('not a message of serial over LAN')
        if (fixed === undefined || bytes.length < fixed) return 0
        if (type === 0x20) send(Buffer.concat([head(0x21), Buffer.alloc(15)]))
        else if (type === 0x25) close()
        else if (type === 0x27) {
          output = write
          send(Buffer.concat([head(0x29), Buffer.alloc(2)]))
          write(Buffer.from(shell.greeting(), 'latin1'))
        } else if (type === 0x28) {
          const text = bytes.toString('latin1', 10, fixed)
          typed = (typed + text).slice(-REMEMBERED)
          write(Buffer.from(shell.hear(text), 'latin1'))
        } else if (type === 0x2b) send(head(0x2b))
        return fixed
      }
      return {
        take,
        end() {
          if (output === write) output = undefined
        },
      }
    },
  }
}

function dataLength(bytes: Buffer): number | undefined {
  return bytes.length < 10 ? undefined : 10 + bytes.readUInt16LE(8)
}

/** A login, a password that is not shown, then a prompt behind which every line comes back. */
function createShell(): { greeting(): string; hear(text: string): string } {
  let stage: 'login' | 'password' | 'shell' = 'login'
  let line = ''
  const enter = (): string => {
    const said = line
    line = ''
    if (stage === 'login') {
      stage = 'password'
      return '\r\nPassword: '
    }
    if (stage === 'password') {
      stage = 'shell'
      return '\r\nWelcome\r\n$ '
    }
    if (said === 'exit') {
      stage = 'login'
      return '\r\n\r\nlogin: '
    }
    return `\r\n${said}\r\n$ `
  }
  return {
    greeting: () => (stage === 'login' ? '\r\nsimulated host\r\n\r\nlogin: ' : '\r\n$ '),
    hear(text) {
      let said = ''
      for (const sign of text) {
        if (sign === '\r') said += enter()
        else if (sign !== '\n') {
          line += sign
          if (stage !== 'password') said += sign
        }
      }
      return said
    },
  }
}
