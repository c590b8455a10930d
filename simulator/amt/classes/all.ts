// SPDX-License-Identifier: Apache-2.0
/** Every class a management engine knows, by name. */
import type { AmtClass } from '../firmware.ts'
import { BOOT_CLASSES } from './boot.ts'
import { GENERAL_CLASSES } from './general.ts'
import { HARDWARE_CLASSES } from './hardware.ts'
import { KEY_CLASSES } from './keys.ts'
import { LOG_CLASSES } from './logs.ts'
import { NETWORK_CLASSES } from './network.ts'
import { POWER_CLASSES } from './power.ts'
import { REDIRECTION_CLASSES } from './redirection.ts'
import { REMOTE_ACCESS_CLASSES } from './remote-access.ts'
import { SETUP_CLASSES } from './setup.ts'
import { TLS_CLASSES } from './tls.ts'
import { WIRELESS_CLASSES } from './wireless.ts'

export const CLASSES: ReadonlyMap<string, AmtClass> = new Map(
  [
    GENERAL_CLASSES,
    SETUP_CLASSES,
    POWER_CLASSES,
    BOOT_CLASSES,
    HARDWARE_CLASSES,
    REDIRECTION_CLASSES,
    LOG_CLASSES,
    KEY_CLASSES,
    TLS_CLASSES,
    NETWORK_CLASSES,
    WIRELESS_CLASSES,
    REMOTE_ACCESS_CLASSES,
  ]
    .flat()
    .map(known => [known.name, known]),
)
