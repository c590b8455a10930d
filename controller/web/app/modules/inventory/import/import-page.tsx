// SPDX-License-Identifier: Apache-2.0
/** Import of hosts from a file: choose it, see what is wrong and correct it here, import it, see what became of each row. */
import { useState } from 'react'
import { PageHead } from '../../../kit/page-head.tsx'
import { t } from '../../../words/inventory/import.ts'
import { ChooseFile } from './choose-file.tsx'
import './import.css'
import type { ImportInput } from '../acts/import.ts'
import { ImportResult } from './import-result.tsx'
import { Preflight } from './preflight.tsx'
import type { ReadFile } from './table.ts'

type Step =
  | { readonly is: 'choose' }
  | { readonly is: 'check'; readonly file: string; readonly read: ReadFile }
  | { readonly is: 'import'; readonly input: ImportInput; readonly count: number }

export default function ImportPage() {
  const [step, setStep] = useState<Step>({ is: 'choose' })
  const restart = (): void => setStep({ is: 'choose' })
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      {step.is === 'choose' && <ChooseFile onRead={(file, read) => setStep({ is: 'check', file, read })} />}
      {step.is === 'check' && (
        <Preflight
          file={step.file}
          read={step.read}
          onOther={restart}
          onImport={(input, count) => setStep({ is: 'import', input, count })}
        />
      )}
      {step.is === 'import' && <ImportResult input={step.input} count={step.count} onAgain={restart} />}
    </>
  )
}
