// SPDX-License-Identifier: Apache-2.0
/** The answers as a table: what, whether, and because of which grants. */
import { Stack, Table, Text } from '@mantine/core'
import { Ban, Check } from 'lucide-react'
import { quoted } from '../../acts/act.ts'
import { CopyLine } from '../../kit/copy-as.tsx'
import { rightText } from '../../kit/rights.ts'
import { useSurroundings } from '../../shell/session.tsx'
import { t as words } from '../../words/access.ts'
import { t as permissions } from '../../words/permissions.ts'
import type { ModulePages } from '../pages.ts'
import { type Answer, explainLine } from './explain.ts'
import { useNames } from './queries.ts'
import './access.css'

const t = words.explain

type AnswersProps = {
  readonly answers: readonly Answer[]
  readonly who: string
  readonly where: string
  readonly host: string
  /** All permissions were asked about. */
  readonly isWhole: boolean
}

export function Answers({ answers, who, where, host, isWhole }: AnswersProps) {
  const nameOf = useNames()
  const { modules } = useSurroundings()
  const held = answers.filter(({ allowed }) => allowed).map(({ permission }) => permission)
  const first = answers.find(({ allowed }) => !allowed) ?? answers[0]
  return (
    <Stack gap="sm">
      {isWhole && (
        <div role="status">
          <Text fw={600}>{t.summary(nameOf(who), held.length, answers.length)}</Text>
          <Text size="sm">{t.pages(permissions.and(pagesFor(modules, held)))}</Text>
        </div>
      )}
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label={t.list} className="mu-why" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.column.may}</Table.Th>
              <Table.Th>{t.column.answer}</Table.Th>
              <Table.Th>{t.column.because}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answers.map(answer => (
              <AnswerRow key={answer.permission} answer={answer} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {first !== undefined && (
        <CopyLine text={explainLine({ who, where, host }, first.permission, quoted)} what={t.cli} />
      )}
    </Stack>
  )
}

function AnswerRow({ answer: { permission, allowed, reasons, missing } }: { readonly answer: Answer }) {
  const deciding = reasons.filter(({ decides }) => decides)
  const others = reasons.filter(({ decides }) => !decides)
  return (
    <Table.Tr data-permission={permission}>
      <Table.Th scope="row" fw={400}>
        {rightText(permission)}
      </Table.Th>
      <Table.Td>
        <span className={allowed ? 'mu-chip mu-ok' : 'mu-chip mu-unknown'}>
          {allowed ? <Check size={14} aria-hidden /> : <Ban size={14} aria-hidden />}
          {allowed ? t.yes : t.no}
        </span>
      </Table.Td>
      <Table.Td>
        {deciding.map(({ grant, says }) => (
          <Text key={grant} size="sm">
            {says}
          </Text>
        ))}
        {missing !== undefined && <Text size="sm">{missing}</Text>}
        {deciding.length === 0 && missing === undefined && <Text size="sm">{t.nothing}</Text>}
        {others.map(({ grant, says }) => (
          <Text key={grant} size="xs" c="dimmed">
            {t.elsewhere}: {says}
          </Text>
        ))}
      </Table.Td>
    </Table.Tr>
  )
}

/** Titles of the pages that somebody with these permissions sees in the rail. */
function pagesFor(modules: readonly ModulePages[], held: readonly string[]): readonly string[] {
  return modules
    .flatMap(({ nav }) => nav)
    .filter(({ permission, under }) => under === undefined && (permission === undefined || held.includes(permission)))
    .sort((a, b) => a.order - b.order)
    .map(({ title }) => title)
}
