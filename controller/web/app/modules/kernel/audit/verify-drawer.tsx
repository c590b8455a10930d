// SPDX-License-Identifier: Apache-2.0
/** Verifies a chain or a file in this browser: what to read, which key to trust, how far it is, what came of it. */
import { Button, Drawer, FileInput, Group, Progress, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { get } from '../../../api/call.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/audit.ts'
import { t as kit } from '../../../words/kit.ts'
import { exportPath } from './download.tsx'
import { keyBytes, obstacle } from './means.ts'
import { type Proof, type Progress as ProofProgress, rateOf, runProof } from './proof.ts'
import type { Asked } from './search.ts'
import { openExport } from './source.ts'
import { VerifyResult } from './verify-result.tsx'

export type VerifyDrawerProps = {
  readonly asked: Asked
  readonly opened: boolean
  readonly onClose: () => void
  readonly onShow: (n: string) => void
}

export function VerifyDrawer({ asked, opened, onClose, onShow }: VerifyDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="xl"
      title={t.verify.title}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      {opened && <VerifyForm asked={asked} onShow={onShow} />}
    </Drawer>
  )
}

function VerifyForm({ asked, onShow }: Pick<VerifyDrawerProps, 'asked' | 'onShow'>) {
  const missing = useQuery({
    queryKey: ['audit-means'],
    queryFn: async () => (await obstacle()) ?? '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const ours = useQuery({ queryKey: ['audit', 'key'], queryFn: get('/v1/audit/key'), staleTime: 60_000 })
  const [source, setSource] = useState('chain')
  const [file, setFile] = useState<File | null>(null)
  const [trust, setTrust] = useState('ours')
  const [typed, setTyped] = useState('')
  const run = useProof()
  const given = trust === 'ours' ? ours.data?.publicKey : typed
  const key = given === undefined ? undefined : keyBytes(given)
  const isReady = key !== undefined && (source === 'chain' || file !== null) && missing.data === ''
  const start = (): void => {
    const from = source === 'chain' ? exportPath(asked) : file
    if (key !== undefined && from !== null) void run.start(from, key)
  }
  return (
    <Stack gap="md">
      <Text size="sm">{t.verify.about}</Text>
      {missing.data !== undefined && missing.data !== '' && (
        <Text size="sm" c="red" role="alert">
          {missing.data}
        </Text>
      )}
      <Radio.Group label={t.verify.source} value={source} onChange={setSource}>
        <Stack gap={6} mt={4}>
          <Radio value="chain" label={`${t.verify.ofChain}: ${t.chainName(asked.chain)}`} />
          <Radio value="file" label={t.verify.ofFile} />
        </Stack>
      </Radio.Group>
      {source === 'file' && (
        <FileInput
          label={t.verify.file}
          description={t.verify.fileHint}
          accept=".ndjson,.jsonl,.json,.txt"
          value={file}
          onChange={setFile}
          clearable
        />
      )}
      <Radio.Group label={t.verify.key} description={t.verify.keyWhy} value={trust} onChange={setTrust}>
        <Stack gap={6} mt={4}>
          <Radio value="ours" label={`${t.verify.keyOurs}${ours.data === undefined ? '' : ` (${ours.data.kid})`}`} />
          <Radio value="own" label={t.verify.keyOwn} />
        </Stack>
      </Radio.Group>
      {trust === 'ours' && ours.error !== null && <QueryView query={ours}>{() => null}</QueryView>}
      {trust === 'own' && (
        <Textarea
          label={t.verify.keyText}
          description={t.verify.keyHint}
          error={typed.trim() !== '' && key === undefined ? t.verify.keyBad : undefined}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          autosize
          minRows={2}
          maxLength={2_000}
          spellCheck={false}
        />
      )}
      <Group>
        {run.progress === undefined ? (
          <Button onClick={start} disabled={!isReady}>
            {run.proof === undefined ? t.verify.start : t.verify.again}
          </Button>
        ) : (
          <Button variant="default" onClick={run.stop}>
            {t.verify.stop}
          </Button>
        )}
      </Group>
      <Outcome run={run} onShow={onShow} isOurChain={source === 'chain'} />
    </Stack>
  )
}

type OutcomeProps = {
  readonly run: ReturnType<typeof useProof>
  readonly onShow: (n: string) => void
  readonly isOurChain: boolean
}

function Outcome({ run: { progress, proof, error, isStopped }, onShow, isOurChain }: OutcomeProps) {
  return (
    <>
      {progress !== undefined && (
        <div role="status">
          <Progress value={100} striped animated aria-label={t.verify.title} />
          <Text size="sm" mt={4}>
            {t.verify.progress(progress.entries, rateOf(progress))}
          </Text>
        </div>
      )}
      {isStopped && (
        <Text size="sm" role="status">
          {t.verify.stopped}
        </Text>
      )}
      {error !== undefined && <ProblemCard problem={error} />}
      {proof !== undefined && <VerifyResult proof={proof} {...(isOurChain ? { onShow } : {})} />}
    </>
  )
}

/** One proof at a time; leaving ends it. */
function useProof() {
  const [progress, setProgress] = useState<ProofProgress>()
  const [proof, setProof] = useState<Proof>()
  const [error, setError] = useState<unknown>()
  const [isStopped, setStopped] = useState(false)
  const abort = useRef<AbortController>(undefined)
  useEffect(() => () => abort.current?.abort(), [])
  const start = async (from: string | File, key: Uint8Array<ArrayBuffer>): Promise<void> => {
    abort.current = new AbortController()
    const { signal } = abort.current
    setProof(undefined)
    setError(undefined)
    setStopped(false)
    setProgress({ entries: 0, elapsedMs: 0, head: '', kid: undefined })
    let told = 0
    const onProgress = (next: ProofProgress): void => {
      if (next.elapsedMs - told < 150 || signal.aborted) return
      told = next.elapsedMs
      setProgress(next)
    }
    try {
      const { body } = await openExport(from, signal)
      setProof(await runProof({ bytes: body, key, signal, onProgress }))
    } catch (thrown) {
      if (signal.aborted) setStopped(true)
      else setError(thrown)
    }
    setProgress(undefined)
  }
  return { progress, proof, error, isStopped, start, stop: () => abort.current?.abort() }
}
