// SPDX-License-Identifier: Apache-2.0
/** Failures of taking in and giving out files of hosts. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'csv-unusable': {
    status: 422,
    title: 'The file is not a table of hosts',
    retry: 'never',
    next: 'correct the named lines; `muster host import --template` writes the header',
  },
  'import-too-large': {
    status: 413,
    title: 'The file has too many hosts for one import',
    retry: 'never',
    next: 'split it: at most 100,000 rows and 16 MB in each',
  },
  'preflight-failed': {
    status: 422,
    title: 'Pre-flight check failed',
    retry: 'never',
    next: 'correct the rows that are named, then import the file again: nothing was created',
  },
  'import-running': {
    status: 409,
    title: 'Another import is running in this project',
    retry: { afterMs: 10_000 },
    next: 'wait until it has ended, then import again',
  },
})
