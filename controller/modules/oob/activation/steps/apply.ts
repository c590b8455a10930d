// SPDX-License-Identifier: Apache-2.0
/** Carries out one step of a plan. */
import { newPassword } from '../../devices/secrets.ts'
import { problem } from '../../problems.ts'
import type { Ground } from '../ground.ts'
import type { Observer } from '../observe.ts'
import type { Step, StepOf } from '../step.ts'
import type { Wanted } from '../wanted.ts'
import {
  addCertificate,
  addRoot,
  addRule,
  addServer,
  bindCertificate,
  clearEnvironment,
  enableUserInitiated,
  generateKey,
  removeRule,
  removeServer,
  removeStored,
  setEnvironment,
  setMpsType,
  setTls,
  unbindCertificate,
} from './access.ts'
import { setConsent, setKvm, setListener, setRedirection } from './features.ts'
import {
  addProxy,
  addWifi,
  disable8021x,
  removeProxy,
  removeWifi,
  set8021x,
  setGeneral,
  setWifiPort,
  setWifiSync,
  setWired,
  syncClock,
} from './network.ts'
import { changePassword, setMebxPassword } from './passwords.ts'

export type Scene = { readonly ground: Ground; readonly observer: Observer; readonly wanted: Wanted }

/** How each step is carried out. */
const ACTS: { readonly [Name in Step['do']]: (scene: Scene, step: StepOf<Name>) => Promise<void> } = {
  'set-password': ({ ground, wanted }) =>
    changePassword(ground, { value: wanted.password, make: () => newPassword(ground.random) }),
  'set-mebx-password': ({ ground }) => setMebxPassword(ground),
  'disable-8021x': ({ ground, observer }) => disable8021x(ground, observer),
  'set-8021x': ({ ground, observer, wanted }) => set8021x(ground, observer, wanted),
  'clear-environment': ({ ground, observer }) => clearEnvironment(ground, observer),
  'set-general': ({ ground, observer }) => setGeneral(ground, observer),
  'set-wired': ({ ground, observer, wanted }) => setWired(ground, observer, wanted),
  'set-wifi-port': ({ ground }) => setWifiPort(ground),
  'set-wifi-sync': ({ ground, observer, wanted }) => setWifiSync(ground, observer, wanted),
  'sync-clock': ({ ground }) => syncClock(ground),
  'add-server': ({ ground, wanted }) => addServer(ground, wanted),
  'enable-user-initiated': ({ ground }) => enableUserInitiated(ground),
  'set-environment': ({ ground, observer, wanted }) => setEnvironment(ground, observer, wanted),
  'generate-key': ({ ground }) => generateKey(ground),
  'set-tls': ({ ground, observer, wanted }) => setTls(ground, observer, wanted),
  'disable-tls': ({ ground, observer, wanted }) => setTls(ground, observer, wanted),
  'remove-proxy': ({ ground }, step) => removeProxy(ground, step.name),
  'remove-rule': ({ ground }, step) => removeRule(ground, step.name),
  'remove-server': ({ ground }, step) => removeServer(ground, step.name),
  'add-wifi': ({ ground, wanted }, step) => addWifi(ground, wanted, step.name),
  'add-proxy': ({ ground, wanted }, step) => addProxy(ground, wanted, step.name),
  'remove-wifi': ({ ground }, step) => removeWifi(ground, step.id),
  'remove-certificate': ({ ground }, step) => removeStored(ground, 'certificate', step.id),
  'remove-key': ({ ground }, step) => removeStored(ground, 'key', step.id),
  'add-certificate': ({ ground, observer }, step) => addCertificate(ground, observer, step.id),
  'bind-certificate': ({ ground, observer }, step) => bindCertificate(ground, observer, step.id),
  'unbind-certificate': ({ ground }, step) => unbindCertificate(ground, step.id),
  'set-redirection': ({ ground }, step) => setRedirection(ground, step.state),
  'set-consent': ({ ground, observer }, step) => setConsent(ground, observer, step.state),
  'set-kvm': ({ ground }, step) => setKvm(ground, step.on),
  'set-listener': ({ ground, observer }, step) => setListener(ground, observer, step.on),
  'add-root': ({ ground, wanted }, step) => addRoot(ground, wanted, step.use),
  'add-rule': ({ ground, observer }, step) => addRule(ground, observer, step.rule),
  'set-mps-type': ({ ground, observer }, step) => setMpsType(ground, observer, step),
  refuse: (_, step) => Promise.reject(problem('amt-unsupported', step.why)),
}

/** Rejects when the firmware refused, or when it is not known what became of it; whether it helped is seen by looking. */
export function apply(scene: Scene, step: Step): Promise<void> {
  const act = ACTS[step.do] as (scene: Scene, step: Step) => Promise<void> // the act of this very step
  return act(scene, step)
}
