// SPDX-License-Identifier: Apache-2.0
/** A store for the broker that keeps nothing: documents are sent anew from the database, and sessions end with their connection. */
import { Readable } from 'node:stream'

type Acknowledged = { readonly messageId?: number }

/**
 * The members aedes calls (its persistence interface). Retained messages, subscriptions, wills and queues of absent
 * clients are all forgotten, so nothing grows with the fleet.
 */
export function forgetfulStore() {
  const nothing = async (): Promise<void> => {}
  const none = async (): Promise<readonly never[]> => []
  const empty = (): Readable => Readable.from([])
  return {
    // aedes insists on an async function here.
    setup: async () => {},
    storeRetained: nothing,
    createRetainedStream: empty,
    createRetainedStreamCombi: empty,
    addSubscriptions: nothing,
    removeSubscriptions: nothing,
    subscriptionsByClient: none,
    subscriptionsByTopic: none,
    countOffline: async () => ({ subsCount: 0, clientsCount: 0 }),
    cleanSubscriptions: nothing,
    outgoingEnqueue: nothing,
    outgoingEnqueueCombi: nothing,
    outgoingUpdate: nothing,
    /** Hands the acknowledgement back, from where aedes passes it to its `ack` event. */
    outgoingClearMessageId: async (_: unknown, packet: Acknowledged): Promise<Acknowledged> => packet,
    outgoingStream: empty,
    incomingStorePacket: nothing,
    incomingGetPacket: () => Promise.reject(new Error('QoS 2 is not spoken')),
    incomingDelPacket: nothing,
    cleanIncoming: nothing,
    putWill: nothing,
    getWill: nothing,
    delWill: nothing,
    streamWill: empty,
    getClientList: empty,
    destroy: nothing,
  }
}
