// SPDX-License-Identifier: Apache-2.0
/** Starts the dashboard: the modules that run here, then the pages. */
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './kit/kit.css'
import { modules as built } from 'virtual:muster-modules'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { readBoot } from './boot.ts'
import { App, createQueries } from './shell/app.tsx'

/** Not at the top of the file: what is loaded here is built on the file that this is bundled into, and would wait for it. */
async function start(): Promise<void> {
  const { boot, nonce } = readBoot(document)
  // Whatever locks scrolling behind a dialog writes a style element too.
  setNonce(nonce)
  const loaded = await Promise.all([...boot.modules, 'kit'].map(name => built[name]?.()))
  const modules = loaded.flatMap(each => (each === undefined ? [] : [each.default]))
  const root = document.getElementById('root')
  if (root !== null) createRoot(root).render(<App surroundings={{ boot, nonce, modules }} queries={createQueries()} />)
}

void start()
