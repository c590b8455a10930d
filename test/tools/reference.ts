// SPDX-License-Identifier: Apache-2.0
/** The program that writes docs/reference from the sources; test/arch/reference.test.ts says when it is due. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../arch/tree.ts'
import { apiTypes } from './reference/api-types.ts'
import { eventsPage } from './reference/events.ts'
import { helpProblems, helpTopics } from './reference/help.ts'
import { openapiDocument } from './reference/openapi.ts'
import { problemsPage } from './reference/problems.ts'
import { sectionsPage } from './reference/sections.ts'
import { topicsPage } from './reference/topics.ts'

/** What is generated, by file. */
export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference/events.md': eventsPage,
  'docs/reference/problems.md': problemsPage,
  'docs/reference/sections.md': sectionsPage,
  'docs/reference/topics.md': topicsPage,
  'docs/reference/openapi.json': openapiDocument,
  'controller/web/app/api/schema.d.ts': apiTypes,
  'controller/web/app/modules/kernel/help/problem-list.ts': helpProblems,
  'controller/web/app/modules/kernel/help/topic-list.ts': helpTopics,
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, write] of Object.entries(PAGES)) await writeFile(join(ROOT, file), await write())
}
