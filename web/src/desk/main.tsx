import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './shell/App'
import '../shared/root.css'
import './theme/tokens.css'
import './theme/base.css'
import '../shared/check/check.css'

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
