// SPDX-License-Identifier: Apache-2.0
/** The table of privileged acts: closed, so that whatever is not here is not done. */
import type { Act } from './act.ts'
import { ask, step } from './acts/clock.ts'
import { installPackage, putFile } from './acts/later.ts'
import { greet, trust } from './acts/own.ts'
import { reboot, shutdown } from './acts/power.ts'
import { dmi, smart } from './acts/reads.ts'
import { act as rpcAct, look as rpcLook } from './acts/rpc.ts'
import { controlService, loadModule, setHostname } from './acts/system.ts'
import type { Verb } from './inputs.ts'

export const TABLE: { readonly [V in Verb]: Act<V> } = {
  'helper.greet': greet,
  'trust.update': trust,
  'dmi.read': dmi,
  'smart.read': smart,
  'rpc.look': rpcLook,
  'rpc.act': rpcAct,
  'module.load': loadModule,
  'power.reboot': reboot,
  'power.shutdown': shutdown,
  'hostname.set': setHostname,
  'clock.ask': ask,
  'clock.step': step,
  'service.control': controlService,
  'package.install': installPackage,
  'file.put': putFile,
}
