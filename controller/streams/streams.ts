// SPDX-License-Identifier: Apache-2.0
/** The port through which modules open byte streams to the agents of hosts. */
import type { Duplex } from 'node:stream'
import type { TopicOwner } from '../../plugins/contract/index.ts'
import { port } from '../kernel/module.ts'

export type OpenStream = {
  /** To be given to the host in a command, which makes it open its end. */
  readonly id: string
  /** Closes without an error when either end closes, when the host's session ends, or after a minute of silence. */
  readonly duplex: Duplex
  /** Resolves when the host has opened its end; rejects with `stream-closed` when that never comes. */
  readonly answered: Promise<void>
}

export interface Streams {
  /** Throws `stream-host-away` when the host has no session, and `stream-limit` when it has too many streams. */
  open(owner: TopicOwner): OpenStream
}

export const hostStreams = port<Streams>('host-streams')
