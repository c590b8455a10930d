// SPDX-License-Identifier: Apache-2.0
/** Machines with AMT in a process of their own, told what to do by lines of JSON. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Machines = { readonly pid: number; ask(order: object): Promise<any>; stop(): void }

export function startMachines(): Machines {
  const file = fileURLToPath(new URL('./oob-swarm.ts', import.meta.url))
  const child = spawn(process.execPath, ['--max-old-space-size=8192', file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    pid: child.pid ?? -1,
    ask: async order => {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      const { value } = await lines.next()
      const answer = JSON.parse(value ?? '{"error":"the machines are gone"}')
      if (answer.error !== undefined) throw new Error(answer.error)
      return answer
    },
    stop: () => child.kill('SIGKILL'),
  }
}
