// SPDX-License-Identifier: Apache-2.0
/** `muster oob sol`, `kvm`, `ider`: sessions with the firmware of one machine. */
import type { Host } from '../../api.ts'
import type { Call, Session } from '../../call.ts'
import { confirm } from '../../confirm.ts'
import { EXIT } from '../../exit.ts'
import type { Run } from '../../grammar.ts'
import { findHost, spoken } from '../../hosts.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { guidOf, oobPaths } from '../../oob/api.ts'
import type { Socket } from '../../ports.ts'
import { problem } from '../../problems.ts'
import { drawFacts } from '../../render/table.ts'

async function opened(call: Call): Promise<{ readonly session: Session; readonly host: Host; readonly guid: string }> {
  const session = await call.session()
  const host = await findHost(session, call.words[0] ?? '')
  return { session, host, guid: guidOf(host) }
}

/** Ctrl-], as telnet has it. */
const CLOSE_KEY = 0x1d

export const serial: Run = async call => {
  const { session, guid } = await opened(call)
  const forMs = call.options.durationMs('for')
  const token = call.terminal.env.MUSTER_TOKEN ?? session.context.token
  const socket = await call.sockets.open({
    url: new URL(session.client.url + oobPaths.serial(session.project, guid)),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ca: session.context.ca,
    signal: call.signal,
  })
  if (call.terminal.input.isTerminal) await call.output.note('connected; Ctrl-] closes')
  const why = await attach(call, socket, forMs)
  if (call.signal.aborted) return EXIT.interrupted
  if (why !== '') await call.output.note(`closed: ${why}`)
  return undefined
}

async function attach(call: Call, socket: Socket, forMs: number | undefined): Promise<string> {
  const { input, output } = call.terminal
  socket.onMessage = bytes => void output.write(bytes)
  const stop = input.keys(bytes => {
    // The end of a file that was piped in is not the end of what the console has to say.
    if (bytes === undefined) return
    if (input.isTerminal && bytes.includes(CLOSE_KEY)) return socket.close()
    void socket.send(bytes).catch(() => socket.close())
  })
  const forget = forMs === undefined ? undefined : call.clock.after(forMs, () => socket.close())
  try {
    return await socket.closed
  } finally {
    forget?.()
    stop()
  }
}

export const kvm: Run = async call => {
  const { session, guid } = await opened(call)
  const path = `${oobPaths.device(session.project, 'authorize/redirection', guid)}?mode=kvm`
  const { token }: { token: string } = await session.client.get(path)
  const relay = `${session.client.url.replace(/^http/, 'ws')}/relay/webrelay.ashx?p=2&host=${guid}&port=16994&tls=0&tls1only=0&mode=kvm`
  const item = { url: relay, token, expiresInSeconds: 300 }
  await call.output.item({ kind: 'KvmSession', name: () => relay }, item, each =>
    drawFacts([
      ['relay', each.url],
      ['token', each.token],
      ['good for', '5 minutes, once'],
    ]),
  )
  await call.output.note('give both to a viewer of the Device Management Toolkit; the token goes as sub-protocol')
  return undefined
}

type Image = { readonly name: string; readonly size: number }

export const ider: Run = async call => {
  const { session, host, guid } = await opened(call)
  const { client, project } = session
  if (call.options.has('list')) {
    const { images }: { images: readonly Image[] } = await client.get(oobPaths.images(project))
    await call.output.list(
      {
        kind: 'Image',
        name: image => image.name,
        empty: 'copy an image into the folder blobs/images of the controller',
        columns: [
          { title: 'NAME', cell: image => image.name },
          { title: 'BYTES', cell: image => String(image.size), right: true },
        ],
      },
      images,
    )
    return undefined
  }
  const path = oobPaths.ider(project, guid)
  const method = call.options.has('stop') ? 'DELETE' : 'POST'
  const image = call.options.text('image')
  if (method === 'POST' && image === undefined) throw problem('usage', 'name the image with --image, or see --list')
  const start = call.options.text('start') ?? 'now'
  const body = method === 'POST' ? { image, start } : undefined
  if (isDryRun(call)) return showIntents(call, [{ method, path, body, host }])
  if (method === 'POST') await confirm(call, `Give ${spoken(host)} the drive ${image}?`)
  await client.send(method, path, body)
  await call.output.note(
    method === 'POST' ? `${host.name} has the drive ${image}` : `the drive of ${host.name} is gone`,
  )
  return undefined
}
