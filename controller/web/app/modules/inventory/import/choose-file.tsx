// SPDX-License-Identifier: Apache-2.0
/** Takes a file of hosts: dropped, chosen or pasted; one that cannot be read says why. */
import { Alert, Button, Group, Table, Text, Textarea } from '@mantine/core'
import { FileUp, OctagonX } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { COLUMNS } from '../../../../../modules/inventory/import/columns.ts'
import { call } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/import.ts'
import { decodeFile, type FileFault, MAX_BYTES, type ReadFile, readHosts } from './table.ts'

type ChooseFileProps = { readonly onRead: (file: string, read: ReadFile) => void }
type Refused = { readonly file: string; readonly text: string }
const LONGEST = 120

export function ChooseFile({ onRead }: ChooseFileProps) {
  const project = useProject()
  const chooser = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [refused, setRefused] = useState<Refused>()
  const [pasted, setPasted] = useState('')
  const take = (file: string, text: string | { readonly fault: FileFault }): void => {
    const read = typeof text === 'string' ? readHosts(text) : text
    if ('fault' in read) setRefused({ file: file.slice(0, LONGEST), text: faultWords(read.fault) })
    else onRead(file, read)
  }
  const takeFile = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    // Not read at all when it cannot be one.
    if (file.size > MAX_BYTES) return take(file.name, { fault: { is: 'too-large', bytes: file.size } })
    const bytes = await file.arrayBuffer().catch(() => undefined)
    if (bytes === undefined) return setRefused({ file: file.name.slice(0, LONGEST), text: t.fault.unreadable })
    take(file.name, decodeFile(new Uint8Array(bytes)))
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void takeFile(event.dataTransfer.files[0])
  }
  const template = call('GET', '/v1/projects/{project}/compute/hosts/import/template', { path: { project } })
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the button does the same */}
      <div
        className="mu-drop"
        data-over={over}
        onDragOver={event => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileUp size={32} aria-hidden />
        <Text fw={600}>{t.choose.drop}</Text>
        <Text size="sm" c="dimmed" ta="center">
          {t.choose.or}
        </Text>
        <Group gap="sm" justify="center">
          <Button onClick={() => chooser.current?.click()}>{t.choose.button}</Button>
          <Button component="a" variant="default" href={template.path} download="hosts.csv">
            {t.choose.template}
          </Button>
        </Group>
        <input
          ref={chooser}
          type="file"
          accept=".csv,.txt,text/csv"
          className="mu-chooser"
          tabIndex={-1}
          aria-hidden
          onChange={event => {
            const { files } = event.currentTarget
            void takeFile(files?.[0])
            event.currentTarget.value = ''
          }}
        />
      </div>
      {refused !== undefined && (
        <Alert
          color="red"
          variant="light"
          icon={<OctagonX size={18} />}
          title={t.fault.title(refused.file)}
          role="alert"
          mt="sm"
        >
          {refused.text}
        </Alert>
      )}
      <Textarea
        label={t.choose.paste}
        mt="md"
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        value={pasted}
        onChange={event => setPasted(event.currentTarget.value)}
        classNames={{ input: 'mu-mono' }}
      />
      <Button
        className="mu-own-width"
        mt="xs"
        variant="default"
        disabled={pasted.trim() === ''}
        onClick={() => take(t.choose.pasted, pasted)}
      >
        {t.choose.read}
      </Button>
      <details className="mu-columns">
        <summary>{t.choose.columns}</summary>
        <Table fz="sm">
          <Table.Tbody>
            {COLUMNS.slice(0, -1).map(name => (
              <Table.Tr key={name}>
                <Table.Th scope="row">
                  <code>{name}</code>
                </Table.Th>
                <Table.Td>{t.help[name as keyof typeof t.help]}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </>
  )
}

function faultWords(fault: FileFault): string {
  switch (fault.is) {
    case 'too-large':
      return t.fault['too-large'](fault.bytes)
    case 'header':
      return t.fault.header(fault.column + 1, COLUMNS[fault.column] ?? '', fault.found.slice(0, 60))
    case 'columns':
      return t.fault.columns(fault.lines.map(({ line, columns }) => t.fault.line(line, columns)).join(', '))
    case 'open-quote':
    case 'text-after-quote':
      return t.fault[fault.is](fault.line)
    case 'too-many':
      return t.fault['too-many'](fault.rows)
    default:
      return t.fault[fault.is]
  }
}
