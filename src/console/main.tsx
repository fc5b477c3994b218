import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console } from './console.tsx'
import './console.css'
import { paint } from './theme.ts'

// After an upgrade the pages of before are gone from the station: the page starts anew, once, and has the new ones.
const RESTARTED = 'xiangyin.restarted'
const RESTART_AGAIN_MS = 30_000
window.addEventListener('vite:preloadError', () => {
  if (Date.now() - Number(sessionStorage.getItem(RESTARTED)) < RESTART_AGAIN_MS) return
  sessionStorage.setItem(RESTARTED, String(Date.now()))
  location.reload()
})

paint(document.documentElement)
createRoot(document.querySelector('#console')!).render(
  <StrictMode>
    <Console />
  </StrictMode>,
)
