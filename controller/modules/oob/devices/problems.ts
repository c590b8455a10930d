// SPDX-License-Identifier: Apache-2.0
/** Failures about device rows. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'device-unknown': {
    status: 404,
    title: 'There is no such device',
    retry: 'never',
    next: 'see `muster oob status` for the devices of this project',
  },
  'device-elsewhere': {
    status: 409,
    title: 'This GUID is taken',
    retry: 'never',
    next: 'remove the device from the project it belongs to first, or see whether two machines share one GUID',
  },
  'lan-network-invalid': {
    status: 400,
    title: 'This is no network',
    retry: 'never',
    next: 'write networks under `oob.lan.networks` as `10.0.0.0/8` or `fd00::/8`',
  },
})
