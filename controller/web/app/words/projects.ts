// SPDX-License-Identifier: Apache-2.0
/** Texts of the pages of projects. */
import { catalogue, number, plural } from './catalogue.ts'

export const t = catalogue({
  title: 'Projects',
  nav: 'Projects',
  about: 'A project is what cannot see any other: its hosts, tokens, events and audit are its own.',
  tabs: 'Projects',
  list: 'Projects',
  search: 'Find a project',
  searchHint: 'Name or description',
  counted: (shown: number, all: number) =>
    `${number(shown)} of ${plural(all, { one: '# project', other: '# projects' })}`,
  column: { name: 'Name', state: 'State', description: 'Description', created: 'Made' },
  here: 'here',
  hereWhy: 'The pages beside this one show this project.',
  ready: 'Ready',
  deleting: 'Being deleted',
  emptyTitle: 'No projects',
  empty: 'You may enter none. Somebody who manages access can give you a role in one.',
  emptyFiltered: 'No project fits.',
  enter: 'Work in it',
  entered: 'You work in it',
  uuid: 'UUID',
  uuidWhat: 'What EIM’s clients call ActiveProjectID',
  noDescription: 'Without a description',
  gone: (name: string) => `${name} is gone`,
  goneWhat: 'Nothing is left of it but its audit, which the installation keeps.',
  back: 'All projects',
  deletion: 'Deletion',
  deletionWhat:
    'Its hosts are cut off and nobody enters it any more. The rest goes on by itself, also after a restart.',
  asked: 'asked every second',
})
