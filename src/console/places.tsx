import {
  AlertOutlined,
  ApartmentOutlined,
  AuditOutlined,
  BarChartOutlined,
  CalendarOutlined,
  CarryOutOutlined,
  CheckCircleOutlined,
  CloudUploadOutlined,
  DashboardOutlined,
  FieldTimeOutlined,
  FileTextOutlined,
  NotificationOutlined,
  SoundOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { lazy, type ComponentType, type ReactNode } from 'react'
import type { MessageKey } from './language.ts'

export type Place = {
  path: string
  name: MessageKey
  /** Its place in the menu; null for a page that is reached another way. */
  group: MessageKey | null
  /** The right without which the page is neither offered nor shown. */
  right: string
  icon: ReactNode
  page: ComponentType
}

/** Every page of the console, in the order of the menu. Each loads when it is first opened. */
export const places: Place[] = [
  {
    path: '',
    name: 'overview',
    group: 'group.air',
    right: 'playout.read',
    icon: <DashboardOutlined />,
    page: lazy(() => import('./pages/overview.tsx')),
  },
  {
    path: 'rundown',
    name: 'rundown',
    group: 'group.air',
    right: 'playout.read',
    icon: <FieldTimeOutlined />,
    page: lazy(() => import('./pages/rundown.tsx')),
  },
  {
    path: 'bulletins',
    name: 'bulletins',
    group: 'group.air',
    right: 'bulletins.read',
    icon: <NotificationOutlined />,
    page: lazy(() => import('./pages/bulletins.tsx')),
  },
  {
    path: 'schedules',
    name: 'schedules',
    group: 'group.air',
    right: 'playout.read',
    icon: <CalendarOutlined />,
    page: lazy(() => import('./pages/schedules.tsx')),
  },
  {
    path: 'loudspeakers',
    name: 'loudspeakers',
    group: 'group.air',
    right: 'terminals.read',
    icon: <SoundOutlined />,
    page: lazy(() => import('./pages/loudspeakers.tsx')),
  },
  {
    path: 'deliveries',
    name: 'deliveries',
    group: 'group.air',
    right: 'playout.read',
    icon: <CheckCircleOutlined />,
    page: lazy(() => import('./pages/deliveries.tsx')),
  },
  {
    path: 'airtime',
    name: 'airtime',
    group: 'group.air',
    right: 'airtime.read',
    icon: <BarChartOutlined />,
    page: lazy(() => import('./pages/airtime.tsx')),
  },
  {
    path: 'emergency',
    name: 'emergency',
    group: 'group.emergency',
    right: 'alerts.read',
    icon: <AlertOutlined />,
    page: lazy(() => import('./pages/emergency.tsx')),
  },
  {
    path: 'content',
    name: 'content',
    group: 'group.disclosure',
    right: 'content.read',
    icon: <FileTextOutlined />,
    page: lazy(() => import('./pages/content.tsx')),
  },
  {
    path: 'imports',
    name: 'imports',
    group: 'group.disclosure',
    right: 'content.read',
    icon: <CloudUploadOutlined />,
    page: lazy(() => import('./pages/imports.tsx')),
  },
  {
    path: 'duties',
    name: 'duties',
    group: 'group.disclosure',
    right: 'content.read',
    icon: <CarryOutOutlined />,
    page: lazy(() => import('./pages/duties.tsx')),
  },
  {
    path: 'people',
    name: 'people',
    group: 'group.station',
    right: 'people.read',
    icon: <TeamOutlined />,
    page: lazy(() => import('./pages/people.tsx')),
  },
  {
    path: 'areas',
    name: 'areas',
    group: 'group.station',
    right: 'areas.read',
    icon: <ApartmentOutlined />,
    page: lazy(() => import('./pages/areas.tsx')),
  },
  {
    path: 'audit',
    name: 'audit',
    group: 'group.station',
    right: 'audit.read',
    icon: <AuditOutlined />,
    page: lazy(() => import('./pages/audit.tsx')),
  },
  {
    path: 'account',
    name: 'account',
    group: null,
    right: 'self',
    icon: null,
    page: lazy(() => import('./pages/account.tsx')),
  },
]

/** The page that a path belongs to: `content/abc` is the content's. */
export function placeOf(path: string): Place | undefined {
  const first = path.split('/').find((step) => step !== '') ?? ''
  return places.find((place) => place.path === first)
}
