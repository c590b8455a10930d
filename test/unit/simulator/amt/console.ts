// SPDX-License-Identifier: Apache-2.0
/** A management console of the simplest kind, made of other people's parts: their request builder, their XML reader. */
import { createHash, randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { AMT, CIM, IPS } from '@device-management-toolkit/wsman-messages'
import { XMLParser } from 'fast-xml-parser'

export type Said = { readonly status: number; readonly head: string; readonly text: string; readonly body: any }

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  parseTagValue: false,
  attributeNamePrefix: '@',
})
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** Reads one HTTP reply from a stream. */
export function readReply(stream: Duplex): Promise<Said> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    const done = (said: Said): void => {
      stream.off('data', take)
      stream.off('close', gone)
      stream.off('error', reject)
      resolve(said)
    }
    const gone = (): void => reject(new Error('closed'))
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk])
      const end = bytes.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = bytes.subarray(0, end).toString()
      let content = bytes.subarray(end + 4)
      const length = /content-length: (\d+)/i.exec(head)?.[1]
      if (length !== undefined) {
        if (content.length < Number(length)) return
      } else {
        const parts: Buffer[] = []
        for (;;) {
          const line = content.indexOf('\r\n')
          if (line === -1) return
          const size = Number.parseInt(content.subarray(0, line).toString(), 16)
          if (content.length < line + 4 + size) return
          if (size === 0) break
          parts.push(content.subarray(line + 2, line + 2 + size))
          content = content.subarray(line + 4 + size)
        }
        content = Buffer.concat(parts)
      }
      const text = content.toString()
      const body = text.startsWith('<?xml') ? parser.parse(text).Envelope?.Body : undefined
      done({ status: Number(head.slice(9, 12)), head, text, body })
    }
    stream.on('data', take)
    stream.on('close', gone)
    stream.on('error', reject)
  })
}

export class TestConsole {
  readonly amt = new AMT.Messages()
  readonly cim = new CIM.Messages()
  readonly ips = new IPS.Messages()
  user: string
  password: string
  challenges = 0
  #open: () => Duplex
  #stream: Duplex | undefined
  #challenge: { realm: string; nonce: string } | undefined
  #count = 0

  constructor(open: () => Duplex, user: string, password: string) {
    this.#open = open
    this.user = user
    this.password = password
  }

  async say(xml: string): Promise<Said> {
    for (let round = 0; ; round++) {
      if (this.#stream === undefined || this.#stream.destroyed) this.#stream = this.#open()
      const stream = this.#stream
      const reply = readReply(stream)
      const head = ['POST /wsman HTTP/1.1', 'Host: device:16992', `Content-Length: ${Buffer.byteLength(xml)}`]
      if (this.#challenge !== undefined) head.push(`Authorization: ${this.#authorization()}`)
      stream.write(`${head.join('\r\n')}\r\n\r\n${xml}`)
      const said = await reply
      if (said.status !== 401 || round === 2) return said
      this.challenges += 1
      this.#count = 0
      const [, realm = '', nonce = ''] = /realm="([^"]*)", nonce="([^"]*)"/.exec(said.head) ?? []
      this.#challenge = { realm, nonce }
    }
  }

  get realm(): string {
    return this.#challenge?.realm ?? ''
  }

  /** Enumerate and Pull until the end; the items by class. */
  async list(part: { Enumerate(): string; Pull(context: string): string }): Promise<any> {
    const { body } = await this.say(part.Enumerate())
    const all: Record<string, any[]> = {}
    let context: string | undefined = body.EnumerateResponse.EnumerationContext
    while (context !== undefined) {
      const pulled: any = (await this.say(part.Pull(context))).body.PullResponse
      for (const [name, items] of Object.entries(pulled.Items === '' ? {} : pulled.Items)) {
        all[name] = [...(all[name] ?? []), ...(Array.isArray(items) ? items : [items])]
      }
      context = pulled.EndOfSequence === undefined ? pulled.EnumerationContext : undefined
    }
    return all
  }

  close(): void {
    this.#stream?.destroy()
  }

  #authorization(): string {
    const { realm, nonce } = this.#challenge!
    const nc = (++this.#count).toString(16).padStart(8, '0')
    const cnonce = randomBytes(8).toString('hex')
    const ha1 = md5(`${this.user}:${realm}:${this.password}`)
    const response = md5(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${md5('POST:/wsman')}`)
    return `Digest username="${this.user}",realm="${realm}",nonce="${nonce}",uri="/wsman",qop=auth,nc=${nc},cnonce="${cnonce}",response="${response}"`
  }
}
