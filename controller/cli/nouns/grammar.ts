// SPDX-License-Identifier: Apache-2.0
/** Everything `muster` understands, in the order in which help shows it. */
import type { Grammar } from '../grammar.ts'
import { access } from './access.ts'
import { audit } from './audit.ts'
import { command } from './command.ts'
import { context } from './context.ts'
import { host } from './host.ts'
import { lobby } from './lobby.ts'
import { oob } from './oob.ts'
import { org } from './org.ts'
import { person } from './person.ts'
import { project } from './project.ts'
import { resources } from './resources.ts'
import { role } from './role.ts'
import { section } from './section.ts'
import { session } from './session.ts'
import { system } from './system.ts'
import { token } from './token.ts'
import { verbs } from './verbs.ts'
import { view } from './view.ts'
import { webhook } from './webhook.ts'

export const grammar: Grammar = {
  nouns: [
    host,
    ...resources,
    oob,
    command,
    section,
    token,
    lobby,
    view,
    webhook,
    audit,
    access,
    person,
    role,
    session,
    project,
    org,
    system,
    context,
  ],
  verbs,
}
