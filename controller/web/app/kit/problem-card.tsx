// SPDX-License-Identifier: Apache-2.0
/** A failure: what happened, what to do, its code with a page of help, and the request it belongs to. */
import { Alert, Anchor, Button, Group, Text } from '@mantine/core'
import { OctagonX, RotateCw } from 'lucide-react'
import { type ApiProblem, problemOf } from '../api/problem.ts'
import { Go } from '../shell/go.tsx'
import { t } from '../words/kit.ts'

export type ProblemCardProps = { readonly problem: unknown; readonly onRetry?: () => void; readonly compact?: boolean }

export function ProblemCard({ problem, onRetry, compact = false }: ProblemCardProps) {
  const failure: ApiProblem = problemOf(problem)
  return (
    <Alert
      color="red"
      variant="light"
      icon={<OctagonX size={18} />}
      title={failure.title}
      role="alert"
      className="mu-problem"
    >
      {failure.detail !== undefined && <Text size="sm">{failure.detail}</Text>}
      {failure.findings.length > 1 && (
        <ul>
          {failure.findings.map(({ pointer, message }) => (
            <li key={`${pointer} ${message}`}>
              <code>{pointer}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {failure.next !== undefined && (
        <Text size="sm" mt={4}>
          <strong>{t.next}:</strong> {failure.next}
        </Text>
      )}
      <Group gap="sm" mt="xs">
        {onRetry !== undefined && (
          <Button size="xs" variant="default" leftSection={<RotateCw size={14} />} onClick={onRetry}>
            {t.retry}
          </Button>
        )}
        <Anchor component={Go} to={`/help/problems/${failure.code}`} size="sm">
          <code>{failure.code}</code>
        </Anchor>
        {!compact && failure.request !== undefined && (
          <Text size="xs" c="dimmed">
            {t.request} <code>{failure.request}</code>
          </Text>
        )}
      </Group>
    </Alert>
  )
}
