// SPDX-License-Identifier: Apache-2.0
/** Writes what a section should be. Somebody who was faster is never written over: both changes come together first. */
import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useCallback, useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import type { Host } from '../../../api/types.ts'
import { type Json, same } from '../../../kit/diff.ts'
import { DiffView } from '../../../kit/diff-view.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { ThreeWay } from '../../../kit/three-way.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { t as views } from '../../../words/views.ts'
import { setSection, unsetSection } from './acts.ts'
import { JsonEditor } from './json-editor.tsx'
import { parsedJson, written } from './json-text.ts'
import type { Desired } from './queries.ts'

export type Wanted = Partial<Desired> & { readonly revision: number }

export type Draft = ReturnType<typeof useDraft>

export type SectionEditorProps = {
  readonly host: Host
  readonly section: string
  /** As it is now; it may change while somebody writes. */
  readonly wanted: Wanted
  readonly draft: Draft
  /** What to begin with where nothing is asked yet. */
  readonly begin: Json | undefined
  /** A module writes it. */
  readonly isOwned: boolean
}

const REFRESH = ['sections', 'why', 'host', 'events', 'history'] as const

/** What was read when the writing began, and what was made of it. */
export function useDraft(wanted: Wanted) {
  const [base, setBase] = useState(wanted)
  const [text, setText] = useState(written(wanted.content as Json | undefined))
  const isTouched = text !== written(base.content as Json | undefined)
  // Nobody has written anything yet: what is new is simply shown.
  if (!isTouched && base.revision !== wanted.revision) {
    setBase(wanted)
    setText(written(wanted.content as Json | undefined))
  }
  const restart = (from: Wanted): void => {
    setBase(from)
    setText(written(from.content as Json | undefined))
  }
  return { base, text, setText, isTouched, restart }
}

export function SectionEditor({ host, section, wanted, draft, begin, isOwned }: SectionEditorProps) {
  const may = useMay()
  const parsed = draft.text.trim() === '' ? { wrong: '' } : parsedJson(draft.text)
  const mine = 'value' in parsed ? parsed.value : undefined
  const isStale = draft.isTouched && draft.base.revision !== wanted.revision
  const mayWrite = may(setSection.permission) && !isOwned
  return (
    <Card withBorder p="md" component="section" aria-label={t.config.editorTitle}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t.config.editorTitle}
        </Title>
        <Revision wanted={wanted} />
      </Group>
      {wanted.revision === 0 && !draft.isTouched && (
        <Text size="sm" c="dimmed" mb="xs">
          {t.config.nothingDesired}{' '}
          {mayWrite && begin !== undefined && (
            <Button size="compact-xs" variant="default" onClick={() => draft.setText(written(begin))}>
              {t.config.begin}
            </Button>
          )}
        </Text>
      )}
      {isStale && mine !== undefined ? (
        <Conflict host={host} section={section} base={draft.base} theirs={wanted} mine={mine} draft={draft} />
      ) : (
        <Stack gap="xs">
          <JsonEditor
            label={t.config.editor(section)}
            text={draft.text}
            onText={draft.setText}
            readOnly={!mayWrite}
            wrong={
              draft.isTouched && 'wrong' in parsed && parsed.wrong !== '' ? t.config.notJson(parsed.wrong) : undefined
            }
          />
          {draft.isTouched && mine !== undefined && (
            <details>
              <summary>{t.config.changes}</summary>
              <DiffView
                before={draft.base.content as Json | undefined}
                after={mine}
                titles={[t.config.revision(draft.base.revision), t.config.changes]}
                none={t.config.unchanged}
              />
            </details>
          )}
          {mayWrite && <Buttons host={host} section={section} draft={draft} mine={mine} />}
        </Stack>
      )}
    </Card>
  )
}

function Revision({ wanted: { revision, updatedAt, updatedBy } }: { readonly wanted: Wanted }) {
  if (revision === 0) return null
  return (
    <Text size="xs" c="dimmed">
      {t.config.revision(revision)} {updatedBy !== undefined && t.config.by(updatedBy)}{' '}
      {updatedAt !== undefined && <LiveAge at={updatedAt} ago />}
    </Text>
  )
}

type ButtonsProps = {
  readonly host: Host
  readonly section: string
  readonly draft: Draft
  readonly mine: Json | undefined
}

function Buttons({ host, section, draft, mine }: ButtonsProps) {
  const project = useProject()
  const { base } = draft
  const of = { project, id: host.resourceId, section, revision: base.revision }
  const isNew = mine !== undefined && !same(mine, base.content as Json | undefined)
  const isManaged = base.content !== undefined && base.content !== null
  return (
    <Group gap="xs">
      {isNew && <Save host={host} section={section} of={of} content={mine} draft={draft} verb={t.config.save} />}
      {draft.isTouched && (
        <Button variant="default" onClick={() => draft.restart(base)}>
          {t.config.reset}
        </Button>
      )}
      {isManaged && !draft.isTouched && (
        <ActButton
          act={unsetSection}
          input={of}
          title={t.config.stopTitle(section, host.name)}
          label={t.config.stop}
          verb={t.config.stop}
          refresh={REFRESH}
        >
          <Text size="sm">{t.config.stopWhat}</Text>
        </ActButton>
      )}
    </Group>
  )
}

type SaveProps = {
  readonly host: Host
  readonly section: string
  readonly of: { readonly project: string; readonly id: string; readonly section: string; readonly revision: number }
  readonly content: Json
  readonly draft: Draft
  readonly verb: string
}

/** Saves under the revision that was read; when it is old by now, the newer one is fetched and both come together. */
function Save({ host, section, of, content, draft, verb }: SaveProps) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button onClick={() => setOpened(true)}>{verb}</Button>
      <ActDialog
        act={setSection}
        input={{ ...of, content }}
        title={t.config.saveTitle(section, host.name)}
        verb={t.config.save}
        opened={opened}
        onClose={() => setOpened(false)}
        onDone={([sent]) => {
          if (sent !== undefined && 'answer' in sent) draft.restart(sent.answer as Wanted) // the document as it was saved
        }}
        refresh={REFRESH}
      >
        <Text size="sm">{t.config.saveWhat(of.revision + 1)}</Text>
        {host.presence?.online !== true && <Text size="sm">{t.config.whileAway}</Text>}
      </ActDialog>
    </>
  )
}

type ConflictProps = {
  readonly host: Host
  readonly section: string
  readonly base: Wanted
  readonly theirs: Wanted
  readonly mine: Json
  readonly draft: Draft
}

function Conflict({ host, section, base, theirs, mine, draft }: ConflictProps) {
  const project = useProject()
  const [result, setResult] = useState<{ readonly document: Json | undefined }>()
  const resolved = useCallback((next: typeof result) => setResult(next), [])
  const of = { project, id: host.resourceId, section, revision: theirs.revision }
  return (
    <Stack gap="sm" data-conflict>
      <Alert color="violet" variant="light" title={views.three.title} role="alert">
        {views.three.what}
        <Revision wanted={theirs} />
      </Alert>
      <ThreeWay
        key={theirs.revision}
        base={(base.content ?? undefined) as Json | undefined}
        theirs={(theirs.content ?? undefined) as Json | undefined}
        mine={mine}
        onResolved={resolved}
      />
      <Group gap="xs">
        {result?.document !== undefined && (
          <Save
            host={host}
            section={section}
            of={of}
            content={result.document}
            draft={draft}
            verb={t.config.mergedVerb}
          />
        )}
        <Button variant="default" onClick={() => draft.restart(theirs)}>
          {t.config.giveUp}
        </Button>
      </Group>
    </Stack>
  )
}
