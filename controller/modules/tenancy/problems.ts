// SPDX-License-Identifier: Apache-2.0
/** Failures of tenancy. */
import { defineProblems } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'project-kept': {
    status: 409,
    title: 'The project `default` stays',
    retry: 'never',
    next: 'empty it instead: every installation has this project, and what names none goes there',
  },
  'project-closed': {
    status: 409,
    title: 'The project is being deleted',
    retry: { afterMs: 5_000 },
    next: 'wait until it is gone, then make it anew',
  },
  'project-exists': {
    status: 409,
    title: 'There is a project of that name already',
    retry: 'never',
    next: 'leave out `update_if_exists=false` to change it, or choose another name',
  },
  'project-name-refused': {
    status: 400,
    title: 'A project cannot have this name',
    retry: 'never',
    next: 'choose one that does not look like a UUID: those stand for projects in the header ActiveProjectID',
  },
  'org-kept': {
    status: 409,
    title: 'The organisation `default` stays',
    retry: 'never',
    next: 'projects that name no other owner belong to it',
  },
  'org-in-use': {
    status: 409,
    title: 'The organisation still owns projects',
    retry: 'never',
    next: 'delete them, or give them to another organisation',
  },
  'org-exists': {
    status: 409,
    title: 'There is an organisation of that name already',
    retry: 'never',
    next: 'leave out `update_if_exists=false` to change it, or choose another name',
  },
})
