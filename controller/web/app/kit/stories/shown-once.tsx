// SPDX-License-Identifier: Apache-2.0
/** What a secret looks like the one time it is shown. */
import { ShownOnceBody } from '../shown-once.tsx'
import type { Story } from '../story.ts'

export default {
  component: 'ShownOnce',
  states: {
    one: () => (
      <ShownOnceBody
        note="It is shown this once and kept nowhere."
        lines={{ token: 'muster_pat_n3vEr-A-real-0ne-0123456789abcdefghijklmnopqrs' }}
      />
    ),
    two: () => (
      <ShownOnceBody
        note="Good once, for three days."
        lines={{
          link: 'https://ctl.example:8443/invite#n3vEr-A-real-0ne',
          'command line': 'muster login https://ctl.example:8443 --invite n3vEr-A-real-0ne',
        }}
      />
    ),
  },
} satisfies Story
