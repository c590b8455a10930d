// SPDX-License-Identifier: Apache-2.0
/** What the page was told when it was served. */
import type { Boot } from '../../modules/dashboard/boot.ts'

/** Read once by whoever starts the application. Throws when the page does not come from a controller. */
export function readBoot(document: Document): { readonly boot: Boot; readonly nonce: string } {
  const told = document.querySelector<HTMLMetaElement>('meta[name="muster-boot"]')?.content
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
  if (told === undefined || nonce === undefined) throw new Error('this page was not served by a Muster controller')
  return { boot: JSON.parse(told) as Boot, nonce } // written by the controller that serves this page
}
