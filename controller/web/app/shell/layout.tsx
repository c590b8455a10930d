// SPDX-License-Identifier: Apache-2.0
/** The frame around every page: rail, header, bottom bar on narrow screens. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { openSpotlight } from '@mantine/spotlight'
import { Ellipsis, Keyboard, LogOut, Search, SunMoon, User } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { NavItem } from '../modules/pages.ts'
import { t } from '../words/kernel.ts'
import { Go } from './go.tsx'
import { LiveDot } from './live-dot.tsx'
import { ProjectSwitch } from './project-switch.tsx'
import { useMay, useMe, useSignOut, useSurroundings } from './session.tsx'
import { Sheets } from './sheets.tsx'

const MORE = 100
const BOTTOM = 4

export function Layout({ children, onHelp }: { readonly children: ReactNode; readonly onHelp: () => void }) {
  const [opened, { toggle, close }] = useDisclosure()
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false
  const items = useNav()
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      footer={{ height: 56, collapsed: !isNarrow }}
      padding="md"
    >
      <a className="mu-skip" href="#content">
        {t.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="sm" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t.menu} />
            {!isNarrow && <Text fw={700}>Muster</Text>}
            <ProjectSwitch />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <LiveDot />
            <Tooltip label={t.palette}>
              <ActionIcon variant="default" size="lg" aria-label={t.palette} onClick={() => openSpotlight()}>
                <Search size={16} />
              </ActionIcon>
            </Tooltip>
            <PersonMenu onHelp={onHelp} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t.navigation} onClick={close}>
        {items
          .filter(({ order }) => order < MORE)
          .map(item => (
            <NavLine key={item.to} item={item} />
          ))}
        {items.some(({ order }) => order >= MORE) && (
          <Text size="xs" c="dimmed" mt="md" px={12}>
            {t.more}
          </Text>
        )}
        {items
          .filter(({ order }) => order >= MORE)
          .map(item => (
            <NavLine key={item.to} item={item} />
          ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <div className="mu-page">{children}</div>
        <Sheets />
      </AppShell.Main>
      {isNarrow && (
        <AppShell.Footer>
          <nav className="mu-bottom" aria-label={t.navigation}>
            {items.slice(0, BOTTOM).map(item => (
              <NavLine key={item.to} item={item} bare />
            ))}
            <UnstyledButton onClick={toggle} aria-expanded={opened}>
              <Ellipsis size={18} aria-hidden />
              {t.more}
            </UnstyledButton>
          </nav>
        </AppShell.Footer>
      )}
    </AppShell>
  )
}

/** The pages that there are and that may be seen, in order. */
export function useNav(): readonly NavItem[] {
  const { modules } = useSurroundings()
  const may = useMay()
  return modules
    .flatMap(({ nav }) => nav)
    .filter(({ permission, under }) => under === undefined && may(permission))
    .sort((a, b) => a.order - b.order)
}

function NavLine({
  item: { to, title, icon: Icon },
  bare = false,
}: {
  readonly item: NavItem
  readonly bare?: boolean
}) {
  const [path] = useLocation()
  const isHere = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)
  return (
    <Go to={to} className={bare ? undefined : 'mu-nav'} aria-current={isHere ? 'page' : undefined}>
      <Icon size={bare ? 20 : 16} />
      {title}
    </Go>
  )
}

function PersonMenu({ onHelp }: { readonly onHelp: () => void }) {
  const me = useMe()
  const signOut = useSignOut()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const next = { auto: 'light', light: 'dark', dark: 'auto' } as const
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`${t.me}: ${me.name}`}>
          <User size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} ({me.role})
        </Menu.Label>
        <Menu.Item component={Go} to="/me" leftSection={<User size={14} />}>
          {t.preferences}
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick={false}
          leftSection={<SunMoon size={14} />}
          onClick={() => setColorScheme(next[colorScheme])}
        >
          {t.scheme.label}: {t.scheme[colorScheme]}
        </Menu.Item>
        <Menu.Item leftSection={<Keyboard size={14} />} onClick={onHelp}>
          {t.keyboardHelp}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={14} />} onClick={() => void signOut()}>
          {t.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
