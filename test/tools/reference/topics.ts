// SPDX-License-Identifier: Apache-2.0
/** Writes the reference of the wire: every topic, who publishes on it, and what it carries. */
import { MAX_BYTES, PREFIX, type Topic, topicOf } from '../../../plugins/contract/index.ts'
import { page, table } from './page.ts'

type Kind = Topic['kind']

type Row = {
  readonly from: 'host' | 'controller' | 'both'
  readonly qos: 0 | 1
  readonly retained: boolean
  readonly body: string
  readonly most: number
  readonly meaning: string
}

const BODIES: Readonly<Record<Kind, Row>> = {
  presence: {
    from: 'host',
    qos: 1,
    retained: false,
    body: 'PresenceMessage',
    most: MAX_BYTES.presence,
    meaning: 'Here I am, and what I can do; also the will, published when the connection is lost',
  },
  reported: {
    from: 'host',
    qos: 1,
    retained: false,
    body: 'ReportedMessage',
    most: MAX_BYTES.document,
    meaning: 'What the plugin of this section sees, and which desired revision that answers',
  },
  result: {
    from: 'host',
    qos: 1,
    retained: false,
    body: 'ResultMessage',
    most: MAX_BYTES.document,
    meaning: 'What became of one command',
  },
  telemetry: {
    from: 'host',
    qos: 0,
    retained: false,
    body: 'batch of readings',
    most: MAX_BYTES.document,
    meaning: 'Reserved for readings of one stream',
  },
  desired: {
    from: 'controller',
    qos: 1,
    retained: false,
    body: 'DesiredMessage',
    most: MAX_BYTES.document,
    meaning: 'What the section shall become; signed',
  },
  command: {
    from: 'controller',
    qos: 1,
    retained: false,
    body: 'CommandMessage',
    most: MAX_BYTES.command,
    meaning: 'Do this once, before it expires; signed',
  },
  receipt: {
    from: 'controller',
    qos: 1,
    retained: false,
    body: 'ReceiptMessage',
    most: MAX_BYTES.receipt,
    meaning: 'What is durable at the controller and may leave the outbox; at the start, the session',
  },
  up: {
    from: 'host',
    qos: 0,
    retained: false,
    body: 'bytes',
    most: MAX_BYTES.document,
    meaning: 'Reserved for streams',
  },
  down: {
    from: 'controller',
    qos: 0,
    retained: false,
    body: 'bytes',
    most: MAX_BYTES.document,
    meaning: 'Reserved for streams',
  },
}

const OWNER = { project: '<project>', host: '<host>' }

function spelled(kind: Kind): string {
  switch (kind) {
    case 'presence':
    case 'result':
    case 'receipt':
      return topicOf({ ...OWNER, kind })
    case 'desired':
    case 'command':
    case 'reported':
      return topicOf({ ...OWNER, kind, section: '<section>' })
    case 'telemetry':
    case 'up':
    case 'down':
      return topicOf({ ...OWNER, kind, stream: '<stream>' })
  }
}

export function topicsPage(): string {
  const kinds = Object.keys(BODIES) as Kind[] // the keys of a record of kinds
  const rows = kinds.map(kind => {
    const { from, qos, body, most, meaning } = BODIES[kind]
    return [`\`${spelled(kind).slice(PREFIX.length + 1)}\``, from, String(qos), body, String(most), meaning]
  })
  return page('Topics', [
    `Hosts speak MQTT 3.1.1 over TLS 1.3 with a client certificate. Every topic starts with \`${PREFIX}/\`; the version in it changes when the wire does.`,
    'A host may publish and subscribe below its own name only; any other topic ends its connection. Plugins never see a topic. Nothing is retained by the broker: documents are sent again from the database when a host says that it is there.',
    table(['Topic', 'From', 'QoS', 'Body', 'Most bytes', 'Meaning'], rows),
    'Bodies are JSON objects; their schemas are in `plugins/contract/envelope.ts`. Readers ignore members they do not know.',
  ])
}
