import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider, Spin } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useEffect, useState } from 'react'
import { createBrowserRouter, useRouteError } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { isRefusal, speak } from './client.ts'
import { chosenLanguage, keepLanguage, type Language } from './language.ts'
import { NotFound } from './pages/not-found.tsx'
import { SignIn } from './pages/sign-in.tsx'
import { Failure, Forbidden } from './parts/failure.tsx'
import { places, type Place } from './places.tsx'
import { ScreenProvider } from './screen.tsx'
import { MeProvider, sessionQuery, useMe, useSession } from './session.tsx'
import { Shell } from './shell.tsx'
import { theme } from './theme.ts'

const RETRY_LIMIT = 2

/** Whatever is asked, an answer that nobody is signed in brings the sign-in page, in the place where the person stood. */
function whenUnauthorized(error: unknown): void {
  if (isRefusal(error) && error.fault === 'unauthorized') queries.setQueryData(sessionQuery.queryKey, null)
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: whenUnauthorized }),
  mutationCache: new MutationCache({ onError: whenUnauthorized }),
  defaultOptions: {
    queries: {
      staleTime: 5000,
      // A refusal stays a refusal; only a station that could not be reached, or failed, is asked again.
      retry: (count, error) => isRefusal(error) && (error.status === 0 || error.status >= 500) && count < RETRY_LIMIT,
    },
  },
})

const router = createBrowserRouter(
  [
    {
      element: <Shell />,
      errorElement: <PageFailure />,
      children: [
        ...places.map((place) => ({
          path: place.path === '' ? '/' : `${place.path}/*`,
          element: <Guarded place={place} />,
          errorElement: <PageFailure />,
        })),
        { path: '*', element: <NotFound /> },
      ],
    },
  ],
  { basename: '/console' },
)

function Guarded({ place }: { place: Place }) {
  return useMe().may(place.right) ? <place.page /> : <Forbidden />
}

/** Keeps a page that failed from taking the menu with it. */
function PageFailure() {
  return <Failure error={useRouteError()} again={() => location.reload()} />
}

/** The operators' console: languages, theme, session, pages. */
export function Console() {
  const [language, setLanguage] = useState<Language>(chosenLanguage)
  speak(language)
  dayjs.locale(language === 'zh' ? 'zh-cn' : 'en')
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  }, [language])
  const choose = (next: Language): void => {
    keepLanguage(next)
    speak(next)
    setLanguage(next)
    // What the station worded (column names, reasons) comes in the new language too.
    void queries.invalidateQueries()
  }
  return (
    <ScreenProvider value={{ language, choose }}>
      <ConfigProvider theme={theme} locale={language === 'zh' ? zhCN : enUS} button={{ autoInsertSpace: false }}>
        <App component={false}>
          <QueryClientProvider client={queries}>
            <Entrance />
          </QueryClientProvider>
        </App>
      </ConfigProvider>
    </ScreenProvider>
  )
}

function Entrance() {
  const { query } = useSession()
  if (query.data) {
    return (
      <MeProvider value={query.data}>
        <RouterProvider router={router} />
      </MeProvider>
    )
  }
  if (query.data === null) return <SignIn />
  if (query.error) return <Failure error={query.error} again={() => void query.refetch()} />
  return <Spin size="large" className="entrance" />
}
