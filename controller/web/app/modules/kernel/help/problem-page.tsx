// SPDX-License-Identifier: Apache-2.0
/** One problem: what happened, what to do, whether trying again helps, where it comes from. */
import { Anchor, Stack, Text, Title } from '@mantine/core'
import { CircleHelp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useParams } from 'wouter'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Go } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/help.ts'
import { againOf, type Known, linesOf, nextOf, partOf, pieces, problemOf } from './problems.ts'
import './help.css'

const MOST = 80
/** Statuses of what is refused to somebody rather than wrong: such refusals leave an entry. */
const REFUSED = [401, 403]

export default function ProblemPage() {
  const { code = '' } = useParams()
  const problem = problemOf(code)
  if (problem === undefined) return <Unknown code={code.slice(0, MOST)} />
  return <Found problem={problem} />
}

function Found({ problem }: { readonly problem: Known }) {
  const may = useMay()
  const { code, status, title } = problem
  const lines = linesOf(problem)
  return (
    <>
      <PageHead
        title={title}
        about={
          <>
            {t.problem.about} <code>{code}</code>
          </>
        }
        actions={
          <Anchor component={Go} to="/help" size="sm">
            {t.problem.list}
          </Anchor>
        }
      />
      <Stack gap="md" maw={720} data-problem={code}>
        <Part title={t.problem.next}>
          <Marked text={nextOf(problem)} />
        </Part>
        <Part title={t.problem.again}>{againOf(problem)}</Part>
        <Part title={t.problem.part}>{partOf(problem)}</Part>
        {status > 0 && <Part title={t.problem.status}>{status}</Part>}
        {lines.length > 0 && (
          <Part title={t.problem.cli}>
            <Stack gap="xs">
              {lines.map(line => (
                <CopyLine key={line} text={line} what={line} />
              ))}
            </Stack>
          </Part>
        )}
        {REFUSED.includes(status) && may('audit.read') && (
          <Text size="sm">
            <Go to="/audit?outcome=refused">{t.problem.audit}</Go>
          </Text>
        )}
      </Stack>
    </>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <Title order={2} size="h6">
        {title}
      </Title>
      <div>{children}</div>
    </section>
  )
}

function Marked({ text }: { readonly text: string }) {
  return pieces(text).map((piece, at) =>
    piece.isCode ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <code key={at}>{piece.text}</code>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no name but their place
      <span key={at}>{piece.text}</span>
    ),
  )
}

function Unknown({ code }: { readonly code: string }) {
  return (
    <>
      <PageHead title={t.title} />
      <EmptyState
        icon={CircleHelp}
        title={t.problem.unknown(code)}
        action={<Go to={`/help?q=${encodeURIComponent(code)}`}>{t.problem.list}</Go>}
      >
        {t.problem.unknownWhat}
      </EmptyState>
    </>
  )
}
