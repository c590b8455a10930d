// SPDX-License-Identifier: Apache-2.0
/** The events of tenancy. */
import { Type } from 'typebox'
import type { EventKind } from '../../kernel/event-types.ts'

const by = Type.String({ description: 'Name of the person or service that did it' })
const uuid = Type.String()

export const TENANCY_EVENTS: readonly EventKind[] = [
  {
    type: 'project.created',
    title: 'A project was made',
    subject: 'project',
    data: Type.Object({ uuid, by }),
  },
  {
    type: 'project.changed',
    title: 'Description, owner or quotas of a project were changed',
    subject: 'project',
    data: Type.Object({ by, quotas: Type.Optional(Type.Record(Type.String(), Type.Integer())) }),
  },
  {
    type: 'project.deleted',
    title: 'A project and all that was in it is gone; recorded for the installation',
    subject: 'project',
    data: Type.Object({ uuid, hosts: Type.Integer({ description: 'How many hosts it had' }) }),
  },
]
