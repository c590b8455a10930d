// SPDX-License-Identifier: Apache-2.0
/** Large answers as they come, and files of this device in their place. */
import { ApiProblem } from '../../../api/problem.ts'

export type Source = {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** In bytes, where that is known beforehand. */
  readonly size: number | undefined
  /** What the controller would call the file. */
  readonly name: string | undefined
}

/** `from` is an address, or a file. Rejects with the problem that the controller answers. */
export async function openExport(from: string | File, signal: AbortSignal): Promise<Source> {
  if (typeof from !== 'string') return { body: from.stream(), size: from.size, name: from.name }
  const response = await fetch(from, { signal, credentials: 'same-origin' })
  const { headers } = response
  if (response.ok && response.body !== null) {
    const length = headers.get('content-length')
    const [, name] = /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '') ?? []
    return { body: response.body, size: length === null ? undefined : Number(length), name }
  }
  const document: unknown = await response.json().catch(() => undefined)
  const told = typeof document === 'object' && document !== null ? document : {}
  throw new ApiProblem(
    { code: 'internal', status: response.status, title: `HTTP ${response.status}`, ...told },
    headers.get('x-request-id') ?? undefined,
  )
}
