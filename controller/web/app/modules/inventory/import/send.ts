// SPDX-License-Identifier: Apache-2.0
/** Sends a table of hosts: to be checked, or to be imported with a line for each row as it is done. */
import type { Call } from '../../../api/call.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { checkCall, type ImportInput, importHosts } from '../acts/import.ts'
import { findingsIn } from './table.ts'

export type Outcome = {
  readonly row: number
  readonly serial?: string
  readonly uuid?: string
  readonly outcome: 'registered' | 'completed' | 'skipped' | 'failed'
  readonly host?: string
  readonly error?: string
  readonly detail?: string
  /** The row as a line of a file, where it failed. */
  readonly csv?: string
}

type Line =
  | { readonly kind: 'start'; readonly total: number; readonly header: string }
  | (Outcome & { readonly kind: 'row' })
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'result'; readonly warnings: readonly string[] }
  | ({ readonly kind: 'problem' } & Readonly<Record<string, unknown>>)

/** What is wrong with each row; nothing is created. Rejects with ApiProblem where the table as a whole is refused. */
export async function checkHosts(
  input: ImportInput,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<readonly (readonly string[])[]> {
  const response = await postInTurn(checkCall(input), signal)
  const isTable = (response.headers.get('content-type') ?? '').startsWith('text/csv')
  if (!isTable) throw await problemIn(response)
  return findingsIn(await response.text(), count)
}

export type Importing = {
  readonly signal: AbortSignal
  readonly onRows: (rows: readonly Outcome[], total: number) => void
}

export type Imported = { readonly warnings: readonly string[]; readonly header: string }

/** Told of rows as they come, in batches. Rejects with ApiProblem; rows that were told of stay done. */
export async function runImport(input: ImportInput, { signal, onRows }: Importing): Promise<Imported> {
  const [sent] = importHosts.calls(input)
  if (sent === undefined) throw new TypeError('an import is one call')
  const accept = 'application/x-ndjson, application/problem+json;q=0.9'
  const response = await postInTurn({ ...sent, headers: { ...sent.headers, accept } }, signal)
  if (!response.ok || response.body === null) throw await problemIn(response)
  let [total, header] = [0, '']
  let warnings: readonly string[] | undefined
  for await (const lines of linesOf(response.body)) {
    const rows: Outcome[] = []
    for (const line of lines) {
      if (line.kind === 'start') [total, header] = [line.total, line.header]
      if (line.kind === 'row') rows.push(line)
      if (line.kind === 'result') warnings = line.warnings
      if (line.kind === 'problem') throw new ApiProblem(line)
    }
    if (rows.length > 0) onRows(rows, total)
  }
  // Without its last line nobody can tell whether the rest was done.
  if (warnings === undefined) throw new TypeError('the answer ended early')
  return { warnings, header }
}

const TURN_MS = 500
const TURNS = 20

/** One import at a time runs in a project: behind a short one, such as a check in another tab, it is waited for. */
async function postInTurn(call: Call, signal: AbortSignal): Promise<Response> {
  for (let turn = 1; ; turn++) {
    const response = await post(call, signal)
    if (response.status !== 409 || turn === TURNS) return response
    const problem = await problemIn(response)
    if (problem.code !== 'import-running') throw problem
    await new Promise(resolve => setTimeout(resolve, TURN_MS))
    signal.throwIfAborted()
  }
}

function post({ method, path, headers, body }: Call, signal: AbortSignal): Promise<Response> {
  return fetch(path, { method, credentials: 'same-origin', headers: { ...headers }, body: String(body), signal })
}

async function problemIn(response: Response): Promise<ApiProblem> {
  const text = await response.text()
  const request = response.headers.get('x-request-id') ?? undefined
  const isJson = /json\b/.test(response.headers.get('content-type') ?? '')
  return new ApiProblem(
    isJson ? JSON.parse(text) : { code: 'internal', status: response.status, title: `HTTP ${response.status}` },
    request,
  )
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<readonly Line[]> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader() // its input is wider
  let rest = ''
  for (;;) {
    const { done, value = '' } = await reader.read()
    const lines = `${rest}${value}`.split('\n')
    rest = done ? '' : (lines.pop() ?? '')
    yield lines.filter(line => line !== '').map(line => JSON.parse(line) as Line) // as the controller writes them
    if (done) return
  }
}
