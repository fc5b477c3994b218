import {
  ApartmentOutlined,
  AuditOutlined,
  CarryOutOutlined,
  CloudUploadOutlined,
  FileTextOutlined,
  SoundOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { lazy, type ComponentType, type ReactNode } from 'react'
import type { MessageKey } from './language.ts'

export type Place = {
  path: string
  name: MessageKey
  group: MessageKey
  /** The right without which the page is neither offered nor shown. */
  right: string
  icon: ReactNode
  page: ComponentType
}

/** Every page of the console, in the order of the menu. Each loads when it is first opened. */
export const places: Place[] = [
  {
    path: 'loudspeakers',
    name: 'loudspeakers',
    group: 'group.air',
    right: 'terminals.read',
    icon: <SoundOutlined />,
    page: lazy(() => import('./pages/loudspeakers.tsx')),
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
]

/** The page that a path belongs to: `content/abc` is the content's. */
export function placeOf(path: string): Place | undefined {
  const first = path.split('/').find((step) => step !== '') ?? ''
  return places.find((place) => place.path === first)
}
