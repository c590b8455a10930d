// SPDX-License-Identifier: Apache-2.0
/** The figures of hosts, when projects come and go while somebody asks for them. */
import { expect, it } from 'vitest'
import { createExporter } from '../../../../../../controller/modules/inventory/exporter/exporter.ts'
import { kernelStore } from '../../../../../support/kernel.ts'

it('leaves out a project that was deleted since it was listed', async () => {
  const store = await kernelStore()
  const gone = { project: 'gone', within: { allow: 'all', deny: [] } } as const
  let text = ''

  for await (const part of createExporter({ store, clock: { now: () => 0 } }).text([gone])) text += part

  expect(text).toContain('# TYPE edge_host_status gauge\n')
  expect(text).not.toContain('gone')
  await store.close()
})
