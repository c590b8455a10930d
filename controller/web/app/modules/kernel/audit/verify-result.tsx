// SPDX-License-Identifier: Apache-2.0
/** What came of a proof: how much is whole, by which key; or the first thing that is not as it was written. */
import { Alert, Button, Stack, Table, Text } from '@mantine/core'
import { ShieldCheck, TriangleAlert } from 'lucide-react'
import type { Verdict } from '../../../../../query/audit-proof.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { absolute } from '../../../kit/age.ts'
import { Literal } from '../../../kit/literal.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { t } from '../../../words/audit.ts'
import { number } from '../../../words/catalogue.ts'
import { type Proof, rateOf } from './proof.ts'

/** Characters shown of the line that is wrong, and of those around it. */
const WHOLE = 600
const GLANCE = 160

export type VerifyResultProps = {
  readonly proof: Proof
  /** Shows an entry of the chain that the page is about. */
  readonly onShow?: (n: string) => void
}

export function VerifyResult({ proof, onShow }: VerifyResultProps) {
  const { verdict } = proof
  return (
    <Stack gap="sm" data-verdict={verdict.flaw?.kind ?? (verdict.signedUpTo === 0 ? 'unsigned' : 'whole')}>
      {verdict.flaw === undefined ? <Whole verdict={verdict} /> : <Flawed proof={proof} onShow={onShow} />}
      <Facts proof={proof} />
    </Stack>
  )
}

function Whole({ verdict: { entries, after = 0, signedUpTo } }: { readonly verdict: Verdict }) {
  const loose = signedUpTo === 0 ? 0 : entries + after - signedUpTo
  if (signedUpTo === 0)
    return (
      <Alert
        color="yellow"
        variant="light"
        icon={<TriangleAlert size={18} />}
        title={t.verify.unsigned}
        role="status"
      />
    )
  return (
    <Alert
      color="blue"
      variant="light"
      icon={<ShieldCheck size={18} />}
      title={t.verify.whole(entries)}
      role="status"
      className="mu-proved"
    >
      {loose > 0 && t.verify.loose(loose)}
    </Alert>
  )
}

function Flawed({ proof: { verdict, around }, onShow }: VerifyResultProps) {
  const { flaw } = verdict
  if (flaw === undefined) return null
  const { kind, n, line, says } = flaw
  const problem = new ApiProblem({
    code: 'audit-altered',
    status: 422,
    title: t.verify.altered,
    detail: `${t.verify.where(n, line)}: ${t.verify.flaw[kind]}. ${says}.`,
    next: kind === 'forged' ? t.verify.wrongKey : t.verify.keep,
  })
  return (
    <>
      <ProblemCard problem={problem} />
      <Text size="sm" fw={600} id="mu-lines">
        {t.verify.lines}
      </Text>
      <Table aria-labelledby="mu-lines" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={70}>{t.verify.line}</Table.Th>
            <Table.Th>{t.verify.content}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {around.map(each => (
            <Table.Tr key={each.line} className={each.line === line ? 'mu-flawed' : undefined}>
              <Table.Td>{number(each.line)}</Table.Td>
              <Table.Td className="mu-exported">
                {each.line === line && (
                  <strong>
                    {t.verify.where(n, line)}: {t.verify.flaw[kind]}
                    <br />
                  </strong>
                )}
                <code>
                  <Literal text={each.text} max={each.line === line ? WHOLE : GLANCE} />
                </code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {onShow !== undefined && (
        <Button variant="default" size="xs" onClick={() => onShow(String(n))} style={{ alignSelf: 'flex-start' }}>
          {t.verify.show}
        </Button>
      )}
    </>
  )
}

function Facts({ proof }: { readonly proof: Proof }) {
  const { verdict, kid, head, elapsedMs } = proof
  const rows: readonly (readonly [string, string])[] = [
    [t.verify.facts.chain, t.chainName(verdict.chain)],
    [t.verify.facts.installation, verdict.installation],
    [t.verify.facts.entries, number(verdict.entries)],
    [t.verify.facts.signatures, number(verdict.checkpoints)],
    ...(verdict.signedUpTo === 0
      ? []
      : [
          [
            t.verify.facts.signed,
            t.verify.signedUpTo(verdict.signedUpTo, verdict.signedAt === undefined ? '' : absolute(verdict.signedAt)),
          ] as const,
        ]),
    ...(kid === undefined ? [] : [[t.verify.facts.kid, kid] as const]),
    ...(head === '' ? [] : [[t.verify.facts.head, head] as const]),
    [t.verify.facts.took, t.verify.took((elapsedMs / 1_000).toFixed(1), rateOf(proof))],
  ]
  return (
    <Table layout="fixed" className="mu-facts">
      <Table.Tbody>
        {rows.map(([what, value]) => (
          <Table.Tr key={what}>
            <Table.Th scope="row" w={140}>
              {what}
            </Table.Th>
            <Table.Td>
              <Literal text={value} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
