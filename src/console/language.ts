import { en } from './messages/en.ts'
import { zh } from './messages/zh.ts'

export type Language = 'zh' | 'en'

/** Every message of the console by its key; Chinese is the original and English has exactly the same keys. */
export type MessageKey = keyof typeof zh

export type Values = Record<string, string | number>

const messages: Record<Language, Record<MessageKey, string>> = { zh, en }

/** The words of a message, with `{name}` replaced by its value. */
export function words(language: Language, key: MessageKey, values: Values = {}): string {
  return messages[language][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

const KEPT_AS = 'xiangyin.language'

/** The language chosen last on this browser; Chinese for who never chose. */
export function chosenLanguage(): Language {
  return localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh'
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language)
}
