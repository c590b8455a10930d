// SPDX-License-Identifier: Apache-2.0
/** Everything the buttons of out-of-band do. */
import type { AnyAct } from '../../acts/act.ts'
import { oobActs } from './acts.ts'
import { actsOfHost } from './acts-host.ts'
import { powerActs } from './power/path.ts'

export const acts: readonly AnyAct[] = [...oobActs, ...actsOfHost, ...Object.values<AnyAct>(powerActs)]
