// SPDX-License-Identifier: Apache-2.0
/** Out-of-band management: detection, activation and control of AMT and ISM, with the interfaces of MPS and RPS. */
import { amt } from '../../../plugins/amt/contract.ts'
import { power } from '../../../plugins/power/contract.ts'
import { blobStore } from '../../blobs/blobs.ts'
import { certificateAuthority } from '../../kernel/authority.ts'
import { defineModule } from '../../kernel/module.ts'
import { secretFiles, secretStore } from '../../secrets/secrets.ts'
import { hostStreams } from '../../streams/streams.ts'
import { assemble } from './assemble.ts'
import { OobConfig } from './config.ts'
import { OOB_EVENTS } from './events.ts'
import { migrations } from './tables.ts'

export const oob = defineModule({
  name: 'oob',
  version: '1.0.0',
  title: 'Out-of-band management: AMT and ISM below the operating system',
  config: OobConfig,
  needs: {
    authority: certificateAuthority,
    secrets: secretStore,
    files: secretFiles,
    blobs: blobStore,
    streams: hostStreams,
  },
  wants: {},
  offers: {},
  serves: [amt, power],
  owns: [amt, power],
  events: OOB_EVENTS,
  migrations,
  start: async ({ kernel, config, needs }) => ({ offers: {}, ...(await assemble({ kernel, config, ...needs })) }),
})
