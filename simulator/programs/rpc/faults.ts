// SPDX-License-Identifier: Apache-2.0
/** What can be made to go wrong with the `rpc` of a simulated host. */

/** Messages of the server are counted from 1 over all runs since the fault was set; answers follow their message. */
export interface RpcFaults {
  /** Breaks the websocket at the n-th message: before it is handled, or after it was answered. */
  cut(n: number, when: 'before' | 'after'): void
  /** `rpc` dies at the n-th message, as if it were killed. */
  kill(n: number, when: 'before' | 'after'): void
  /** The next so many runs find the management engine in use. */
  busy(runs: number): void
  /** The next so many runs of `activate` or `deactivate` are interrupted by a signal. */
  interrupt(runs: number): void
  /** Whether runs of `activate` and `deactivate` never end. */
  hang(hangs: boolean): void
  /** Ends every fault. */
  clear(): void
}

/** For the program: what happens now. */
export type RpcTrouble = {
  /** Counts one message; says what happens there. */
  message(): { readonly before: 'cut' | 'kill' | undefined; readonly after: 'cut' | 'kill' | undefined }
  /** Uses up one run. */
  isBusy(): boolean
  isInterrupted(): boolean
  hangs(): boolean
}

type Planned = { readonly n: number; readonly what: 'cut' | 'kill'; readonly when: 'before' | 'after' }

export function createRpcFaults(): { readonly faults: RpcFaults; readonly trouble: RpcTrouble } {
  let planned: Planned[] = []
  let messages = 0
  let busy = 0
  let interrupted = 0
  let hangs = false
  const plan = (each: Planned): void => {
    if (planned.length === 0) messages = 0
    planned.push(each)
  }
  return {
    faults: {
      cut: (n, when) => plan({ n, what: 'cut', when }),
      kill: (n, when) => plan({ n, what: 'kill', when }),
      busy(runs) {
        busy = runs
      },
      interrupt(runs) {
        interrupted = runs
      },
      hang(wanted) {
        hangs = wanted
      },
      clear() {
        planned = []
        busy = 0
        interrupted = 0
        hangs = false
      },
    },
    trouble: {
      message() {
        messages++
        const now = planned.filter(({ n }) => n === messages)
        planned = planned.filter(({ n }) => n > messages)
        const at = (when: Planned['when']): Planned['what'] | undefined => now.find(each => each.when === when)?.what
        return { before: at('before'), after: at('after') }
      },
      isBusy: () => busy > 0 && busy-- > 0,
      isInterrupted: () => interrupted > 0 && interrupted-- > 0,
      hangs: () => hangs,
    },
  }
}
