import { createApp } from 'vue'
import '@/shared/tokens.css'
import App from './App.vue'
import { i18n } from './i18n'
import { tabletRouter } from './router'
import { registerWorker, reloadWhenPartsAreGone } from './shell/update'
import './vant'
import './shell/tokens.css'
import './shell/base.css'

reloadWhenPartsAreGone()
createApp(App).use(i18n).use(tabletRouter()).mount('#app')
registerWorker()
