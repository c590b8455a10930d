// SPDX-License-Identifier: Apache-2.0
/** Where firmware dials in, under which root, and the addresses that tools made for MPS and RPS are given. */
import { Alert, Modal, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-fleet.ts'
import { type Endpoint, useEndpoint } from '../reads.ts'

export function EndpointCard() {
  const query = useEndpoint()
  return (
    <section className="mu-oob-card" aria-label={t.endpoint.title}>
      <Text size="sm" fw={600} mb={4}>
        {t.endpoint.title}
      </Text>
      <QueryView query={query}>{endpoint => <Facts endpoint={endpoint} />}</QueryView>
    </section>
  )
}

function Facts({ endpoint }: { readonly endpoint: Endpoint }) {
  const { address, port, listening, legacyListening, tunnels, waiting, refused, warnings } = endpoint
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <dl className="mu-facts">
        <dt>{t.endpoint.address}</dt>
        <dd>
          <code>
            {address}:{port}
          </code>
          {listening !== port && ` (${t.endpoint.listening(listening)})`}
          {legacyListening !== undefined && `, ${t.endpoint.legacy(legacyListening)}`}
        </dd>
        <dt>{t.endpoint.tunnels}</dt>
        <dd>
          {[tunnels, waiting > 0 && t.endpoint.waiting(waiting), refused > 0 && t.endpoint.refused(refused)]
            .filter(each => each !== false)
            .join(', ')}
        </dd>
      </dl>
      {warnings.map(each => (
        <Alert key={each} color="yellow" variant="light" mt={6} p="xs">
          {each}
        </Alert>
      ))}
      <UnstyledButton onClick={open} mt={6} className="mu-link">
        {t.endpoint.open}
      </UnstyledButton>
      <Modal
        opened={opened}
        onClose={close}
        title={t.endpoint.open}
        size="lg"
        closeButtonProps={{ 'aria-label': kit.close }}
      >
        <Addresses endpoint={endpoint} />
      </Modal>
    </>
  )
}

function Addresses({ endpoint: { address, port, root } }: { readonly endpoint: Endpoint }) {
  const project = useProject()
  const fingerprint = useQuery({
    queryKey: ['oob-fingerprint', root],
    queryFn: () => fingerprintOf(root),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { origin } = location
  const base = `${origin}/v1/projects/${encodeURIComponent(project)}/oob`
  const lines = [
    [t.endpoint.title, `${address}:${port}`],
    [t.endpoint.fingerprint, fingerprint.data ?? '…'],
  ] as const
  const tools = [
    [t.endpoint.mps, `${base}/mps`],
    [t.endpoint.rps, `${base}/rps`],
    [t.endpoint.activate, `${origin.replace(/^http/, 'ws')}/activate`],
  ] as const
  return (
    <Stack gap="sm">
      {lines.map(([what, text]) => (
        <Labelled key={what} what={what} text={text} />
      ))}
      <Text size="sm" fw={600} mt="sm">
        {t.endpoint.tools}
      </Text>
      <Text size="sm" c="dimmed">
        {t.endpoint.toolsWhat}
      </Text>
      {tools.map(([what, text]) => (
        <Labelled key={what} what={what} text={text} />
      ))}
    </Stack>
  )
}

function Labelled({ what, text }: { readonly what: string; readonly text: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {what}
      </Text>
      <CopyLine text={text} what={what} />
    </div>
  )
}

/** SHA-256 over the certificate, in pairs of digits, as `openssl x509 -fingerprint` prints it. */
export async function fingerprintOf(pem: string): Promise<string> {
  const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '')
  const der = Uint8Array.from(atob(base64), each => each.charCodeAt(0))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der))
  return [...digest].map(each => each.toString(16).padStart(2, '0').toUpperCase()).join(':')
}
