// SPDX-License-Identifier: Apache-2.0
/** The section of the agent's own gate: when the host may be disturbed. */
import { Type } from 'typebox'
import { defineSection } from './section.ts'
import { Windows } from './window.ts'

export const maintenance = defineSection({
  name: 'maintenance',
  title: 'When the host may be disturbed',
  desired: Windows,
  observed: Type.Object({ windows: Windows, open: Type.Boolean() }),
  commands: {},
})
