// SPDX-License-Identifier: Apache-2.0
/** The look: one accent, a system font stack, small radii; status hues are variables in kit.css. */
import { createTheme, type MantineColorsTuple } from '@mantine/core'

const blue: MantineColorsTuple = [
  '#eaf3fc',
  '#d3e4f6',
  '#a6c8ea',
  '#76aadf',
  '#4e90d5',
  '#2f7ecd',
  '#0b5cad',
  '#0a5099',
  '#084480',
  '#063561',
]

export const theme = createTheme({
  primaryColor: 'muster',
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  colors: { muster: blue },
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
