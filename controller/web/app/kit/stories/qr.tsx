// SPDX-License-Identifier: Apache-2.0
/** QR codes: of a short text and of a long one. */
import { Qr } from '../qr.tsx'
import type { Story } from '../story.ts'

const LONG = 'otpauth://totp/Muster:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Muster&algorithm=SHA1&digits=6'

export default {
  component: 'Qr',
  states: {
    short: () => <Qr text="muster" label="muster" />,
    long: () => <Qr text={LONG} label={LONG} />,
  },
} satisfies Story
