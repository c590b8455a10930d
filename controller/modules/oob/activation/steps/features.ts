// SPDX-License-Identifier: Apache-2.0
/** Acts on redirection, KVM and consent. */
import { mustSucceed } from '../../wsman/status.ts'
import type { Ground } from '../ground.ts'
import type { Observer } from '../observe.ts'

export async function setRedirection({ wsman, signal }: Ground, state: number): Promise<void> {
  const input = { RequestedState: String(state) }
  mustSucceed(await wsman().invoke('AMT_RedirectionService', 'RequestStateChange', input, { signal }), 'redirection')
}

export async function setKvm({ wsman, signal }: Ground, on: boolean): Promise<void> {
  const input = { RequestedState: on ? '2' : '3' }
  mustSucceed(await wsman().invoke('CIM_KVMRedirectionSAP', 'RequestStateChange', input, { signal }), 'KVM')
}

export async function setListener({ wsman, signal }: Ground, observer: Observer, on: boolean): Promise<void> {
  const { redirection } = await observer.read('features')
  await wsman().put('AMT_RedirectionService', { ...redirection, ListenerEnabled: String(on) }, { signal })
}

export async function setConsent({ wsman, signal }: Ground, observer: Observer, state: number): Promise<void> {
  const { optIn } = await observer.read('features')
  await wsman().put('IPS_OptInService', { ...optIn, OptInRequired: String(state) }, { signal })
}
