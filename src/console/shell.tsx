import { GlobalOutlined, LogoutOutlined, MenuOutlined, UserOutlined } from '@ant-design/icons'
import { Button, Drawer, Dropdown, Menu, Spin, type MenuProps } from 'antd'
import { Suspense, useState } from 'react'
import { Link, Outlet, useLocation } from 'react-router'
import { useNow } from './clock.ts'
import { civilText } from './moments.ts'
import { AlertBanner } from './parts/alert-banner.tsx'
import { Brand } from './parts/brand.tsx'
import { placeOf, places } from './places.tsx'
import { useIsNarrow, useWords } from './screen.tsx'
import { useMe, useSession } from './session.tsx'

/** What surrounds every page: the menu of what the person may do, the clock, the person, the alert in force. */
export function Shell() {
  const { t } = useWords()
  const isNarrow = useIsNarrow()
  const [isOpen, setIsOpen] = useState(false)
  const me = useMe()
  return (
    <div className={isNarrow ? 'shell shell-narrow' : 'shell'}>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      {isNarrow ? (
        <Drawer
          placement="left"
          open={isOpen}
          onClose={() => setIsOpen(false)}
          size={264}
          closable={false}
          rootClassName="shell-drawer"
          aria-label={t('shell.menu')}
        >
          <Side onPick={() => setIsOpen(false)} />
        </Drawer>
      ) : (
        <aside className="shell-side">
          <Side onPick={() => {}} />
        </aside>
      )}
      <div className="shell-main">
        <header className="shell-top">
          {isNarrow && (
            <Button type="text" icon={<MenuOutlined />} aria-label={t('shell.menu')} onClick={() => setIsOpen(true)} />
          )}
          {isNarrow && <Brand small />}
          <Clock />
          <LanguageSwitch />
          <PersonMenu />
        </header>
        {me.may('alerts.read') && <AlertBanner />}
        <main id="main" tabIndex={-1}>
          <Suspense fallback={<Spin className="entrance" />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </div>
  )
}

function Side({ onPick }: { onPick: () => void }) {
  const { t } = useWords()
  const me = useMe()
  const { pathname } = useLocation()
  const offered = places.filter((place) => me.may(place.right))
  const groups = [...new Set(offered.flatMap((place) => place.group ?? []))]
  const items: MenuProps['items'] = groups.map((group) => ({
    key: group,
    type: 'group',
    label: t(group),
    children: offered
      .filter((place) => place.group === group)
      .map((place) => ({
        key: place.path,
        icon: place.icon,
        label: <Link to={`/${place.path}`}>{t(place.name)}</Link>,
      })),
  }))
  return (
    <nav aria-label={t('shell.menu')} className="side">
      <Brand />
      <Menu
        theme="dark"
        mode="inline"
        inlineIndent={18}
        selectedKeys={[placeOf(pathname)?.path ?? 'none']}
        items={items}
        onClick={onPick}
      />
    </nav>
  )
}

function Clock() {
  const { t } = useWords()
  const { zone } = useMe()
  const now = new Date(useNow()).toISOString()
  return (
    <time className="shell-clock figures" dateTime={now}>
      <span className="shell-date">{civilText(now, zone, t('shell.date'))}</span>
      {civilText(now, zone, 'HH:mm:ss')}
    </time>
  )
}

export function LanguageSwitch() {
  const { t, language, choose } = useWords()
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      aria-label={t('shell.language')}
      onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
    >
      {language === 'zh' ? 'EN' : '中文'}
    </Button>
  )
}

function PersonMenu() {
  const { t } = useWords()
  const me = useMe()
  const { signOut } = useSession()
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', disabled: true, label: `${me.username} · ${t(`role.${me.role}`)}` },
          { key: 'account', icon: <UserOutlined />, label: <Link to="/account">{t('account')}</Link> },
          { key: 'out', icon: <LogoutOutlined />, label: t('shell.sign-out'), onClick: () => void signOut() },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} aria-label={t('shell.person', { name: me.name })}>
        <span className="shell-name">{me.name}</span>
      </Button>
    </Dropdown>
  )
}
