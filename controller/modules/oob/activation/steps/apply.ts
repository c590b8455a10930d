// SPDX-License-Identifier: Apache-2.0
/** Carries out one step of a plan. */
import { newPassword } from '../../devices/secrets.ts'
import { problem } from '../../problems.ts'
import type { Ground } from '../ground.ts'
import type { Observer } from '../observe.ts'
import type { Step } from '../step.ts'
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

/** Rejects when the firmware refused, or when it is not known what became of it; whether it helped is seen by looking. */
export function apply({ ground, observer, wanted }: Scene, step: Step): Promise<void> {
  switch (step.do) {
    case 'set-password':
      return changePassword(ground, { value: wanted.password, make: () => newPassword(ground.random) })
    case 'set-mebx-password':
      return setMebxPassword(ground)
    case 'disable-8021x':
      return disable8021x(ground, observer)
    case 'set-8021x':
      return set8021x(ground, observer, wanted)
    case 'clear-environment':
      return clearEnvironment(ground, observer)
    case 'set-general':
      return setGeneral(ground, observer)
    case 'set-wired':
      return setWired(ground, observer, wanted)
    case 'set-wifi-port':
      return setWifiPort(ground)
    case 'set-wifi-sync':
      return setWifiSync(ground, observer, wanted)
    case 'sync-clock':
      return syncClock(ground)
    case 'add-server':
      return addServer(ground, wanted)
    case 'enable-user-initiated':
      return enableUserInitiated(ground)
    case 'set-environment':
      return setEnvironment(ground, observer, wanted)
    case 'generate-key':
      return generateKey(ground)
    case 'set-tls':
    case 'disable-tls':
      return setTls(ground, observer, wanted)
    case 'remove-proxy':
      return removeProxy(ground, step.name)
    case 'remove-rule':
      return removeRule(ground, step.name)
    case 'remove-server':
      return removeServer(ground, step.name)
    case 'add-wifi':
      return addWifi(ground, wanted, step.name)
    case 'add-proxy':
      return addProxy(ground, wanted, step.name)
    case 'remove-wifi':
      return removeWifi(ground, step.id)
    case 'remove-certificate':
      return removeStored(ground, 'certificate', step.id)
    case 'remove-key':
      return removeStored(ground, 'key', step.id)
    case 'add-certificate':
      return addCertificate(ground, observer, step.id)
    case 'bind-certificate':
      return bindCertificate(ground, observer, step.id)
    case 'unbind-certificate':
      return unbindCertificate(ground, step.id)
    case 'set-redirection':
      return setRedirection(ground, step.state)
    case 'set-consent':
      return setConsent(ground, observer, step.state)
    case 'set-kvm':
      return setKvm(ground, step.on)
    case 'set-listener':
      return setListener(ground, observer, step.on)
    case 'add-root':
      return addRoot(ground, wanted, step.use)
    case 'add-rule':
      return addRule(ground, observer, step.rule)
    case 'set-mps-type':
      return setMpsType(ground, observer, step)
    case 'refuse':
      return Promise.reject(problem('amt-unsupported', step.why))
  }
}
