#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
/** What `muster-provision` on the path points at. */
import { launch } from '../packaging/launch.js'

launch(() => import('./main.ts'))
