// SPDX-License-Identifier: Apache-2.0
/** Failures of serving packages. */
import { defineProblems, SECOND } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'no-repository': {
    status: 404,
    title: 'There is no repository of packages here',
    retry: 'never',
    next: 'build one with packaging/repository, and name its folder in `modules.packages.dir` of the controller',
  },
  'package-file-unknown': {
    status: 404,
    title: 'The repository has no such file',
    retry: 'never',
    next: 'run apt-get update, or dnf with --refresh, so that the machine knows what is there now',
  },
  'range-unsatisfiable': {
    status: 416,
    title: 'The file is shorter than the range that was asked for',
    retry: 'never',
    next: 'fetch the file from its beginning',
  },
  'too-many-downloads': {
    status: 503,
    title: 'As many files are being fetched as may be at once',
    retry: { afterMs: 5 * SECOND },
    next: 'wait as Retry-After says; apt and dnf do so by themselves',
  },
})
