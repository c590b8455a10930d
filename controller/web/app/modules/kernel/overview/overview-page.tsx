// SPDX-License-Identifier: Apache-2.0
/** The overview: how the fleet is, what needs somebody, and what happened last. */
import { PageHead } from '../../../kit/page-head.tsx'
import { t } from '../../../words/kernel.ts'

export default function OverviewPage() {
  return <PageHead title={t.nav.overview} />
}
