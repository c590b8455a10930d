// SPDX-License-Identifier: Apache-2.0
/** The tree of a document: closed and open, searched, empty, hostile. */
import { JsonTree } from '../json-tree.tsx'
import type { Story } from '../story.ts'

const VALUE = {
  productName: 'Fjord Micro 3',
  memoryBytes: '16698831872',
  hostNics: [
    { deviceName: 'enp1s0', mtu: 1500, addresses: [] },
    { deviceName: 'lo', mtu: 65536, addresses: ['127.0.0.1/8'] },
  ],
  simulated: true,
  note: null,
}

export default {
  component: 'JsonTree',
  states: {
    'first level open': () => <JsonTree value={VALUE} label="A host" />,
    'all open': () => <JsonTree value={VALUE} label="A host" depth={9} />,
    'searched for mtu': () => <JsonTree value={VALUE} label="A host" query="mtu" onQuery={() => undefined} />,
    'nothing found': () => <JsonTree value={VALUE} label="A host" query="xyzzy" onQuery={() => undefined} />,
    'hostile text': () => (
      <JsonTree value={{ '<img src=x>': 'a\u202eb\u0007c', long: 'x'.repeat(400) }} label="A hostile document" />
    ),
  },
} satisfies Story
