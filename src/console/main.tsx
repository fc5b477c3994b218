import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console } from './console.tsx'
import './console.css'
import { paint } from './theme.ts'

paint(document.documentElement)
createRoot(document.querySelector('#console')!).render(
  <StrictMode>
    <Console />
  </StrictMode>,
)
