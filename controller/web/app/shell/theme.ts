// SPDX-License-Identifier: Apache-2.0
/** The look: one accent, a system font stack, small radii; status hues are variables in kit.css. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

const blue: MantineColorsTuple = [
  '#eaf3fc',
  '#d3e4f6',
  '#a6c8ea',
  '#76aadf',
  '#4e90d5',
  '#2473c0',
  '#0b5cad',
  '#0a5099',
  '#084480',
  '#063561',
]

/** From text to the deepest ground; the seventh is a card, the eighth the page. */
const dark: MantineColorsTuple = [
  '#dde3e9',
  '#b8c1ca',
  '#8f9aa5',
  '#5f6a75',
  '#39424c',
  '#2b333c',
  '#1b2127',
  '#14181c',
  '#101418',
  '#0b0e11',
]

export const theme = createTheme({
  primaryColor: 'muster',
  // White can be read on both, and both stand out from the page.
  primaryShade: { light: 6, dark: 5 },
  autoContrast: true,
  // White on the accent of the dark look has a contrast of 3.3; black has 6.
  luminanceThreshold: 0.2,
  colors: { muster: blue, dark },
  defaultRadius: 6,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { md: '20px' },
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { withinPortal: true, openDelay: 200 } },
    Menu: { defaultProps: { transitionProps: { duration: 80 } } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 } } },
  },
})

/** Subdued text keeps a contrast of 4.5 (WCAG 2.2, 1.4.3), placeholders too. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#59636e',
    '--mantine-color-placeholder': '#6b7580',
    '--mantine-color-error': '#b3330b',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adb8',
    '--mantine-color-placeholder': '#98a2ad',
    '--mantine-color-error': '#ff8a65',
    '--mantine-color-anchor': '#7db7f0',
  },
})
