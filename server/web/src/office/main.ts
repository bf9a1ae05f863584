import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { useSession } from '@/auth/session'
import { whenSignedOut } from '@/shared/client'
import { i18n } from '@/shared/i18n'
import '@/shared/tokens.css'
import App from './App.vue'
import './element'
import './tokens.css'
import './base.css'
import './print.css'
import { officeRouter } from './router'

const app = createApp(App).use(createPinia()).use(i18n)
const router = officeRouter()

whenSignedOut(() => {
  const here = router.currentRoute.value
  useSession().signOut()
  if (!here.meta.open) void router.replace({ name: 'login', query: { to: here.fullPath, expired: '1' } })
})
app.use(router).mount('#app')
