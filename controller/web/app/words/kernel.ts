// SPDX-License-Identifier: Apache-2.0
/** Texts of the frame: navigation, connection, palette, and what every page shares. */
import { catalogue } from './catalogue.ts'

export const t = catalogue({
  skip: 'Skip to content',
  menu: 'Menu',
  more: 'More',
  navigation: 'Main',
  project: 'Project',
  searchProjects: 'Find a project',
  palette: 'Find or do …',
  paletteEmpty: 'Nothing fits. Try a host, a page or a verb.',
  paletteHosts: 'Hosts',
  palettePages: 'Pages',
  paletteRecent: 'Lately',
  me: 'You',
  signOut: 'Sign out',
  preferences: 'Preferences',
  keyboardHelp: 'Keyboard',
  live: {
    live: 'Live',
    connecting: 'Connecting',
    reconnecting: (seconds: number) => `No connection for ${seconds} s`,
    paused: 'Paused',
    polling: 'Every 15 s',
    about: {
      live: 'Live: what happens is seen at once',
      connecting: 'Connecting to the controller',
      reconnecting: 'The connection is lost; it is tried again. What you see grows old',
      paused: 'Paused while this tab was hidden',
      polling: 'Events are blocked on the way, so everything is asked for every 15 s',
    },
  },
  scheme: { label: 'Colours', light: 'Light', dark: 'Dark', auto: 'As the system', contrast: 'High contrast' },
  notFound: {
    title: 'There is no such page',
    what: 'The address may be mistyped, or belong to a module that is off.',
    home: 'To the overview',
  },
  broken: {
    title: 'This page stopped',
    what: 'A part of it failed to draw. What you see elsewhere is sound.',
    retry: 'Draw it again',
  },
  keysOn: 'Single keys do something',
  keys: {
    'ctrl k': 'Find or do anything',
    '/': 'Search on this page',
    '?': 'This list',
    'j k': 'Next and previous row',
    x: 'Select the row',
    space: 'Look at the row without leaving',
    enter: 'Open the row',
    esc: 'Close a dialog',
    'ctrl enter': 'Confirm a dialog',
  },
  nav: { overview: 'Overview', hosts: 'Hosts', audit: 'Audit', access: 'Access', system: 'System' },
})
