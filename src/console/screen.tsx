import { Grid } from 'antd'
import { createContext, use } from 'react'
import type { Language, MessageKey, Values } from './language.ts'
import { words } from './language.ts'

type Screen = { language: Language; choose: (language: Language) => void }

const ScreenContext = createContext<Screen>({ language: 'zh', choose: () => {} })
export const ScreenProvider = ScreenContext.Provider

/** The words of the screen in its language. */
export function useWords() {
  const { language, choose } = use(ScreenContext)
  return { language, choose, t: (key: MessageKey, values?: Values) => words(language, key, values) }
}

/** Whether the screen is as narrow as a phone: tables become cards and the menu a drawer. */
export function useIsNarrow(): boolean {
  return Grid.useBreakpoint().md === false
}
