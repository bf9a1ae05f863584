import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { resume } from './data/session'

type Tab = 'today' | 'inspect' | 'cases' | 'outbox' | 'me'

declare module 'vue-router' {
  interface RouteMeta {
    /** The tab that is lit. */
    tab?: Tab
    /** Without the bottom bar: something is being made here. */
    bare?: boolean
    /** Without the strip of the sync either. */
    full?: boolean
    /** No update is offered here. */
    busy?: boolean
    /** Reached without a store. */
    open?: boolean
    /** Each address is a page of its own. */
    keyed?: boolean
  }
}

const making = { bare: true, busy: true, keyed: true }

const routes: RouteRecordRaw[] = [
  { path: '/enrol', name: 'enrol', component: () => import('./enrol/EnrolView.vue'), meta: { open: true, bare: true } },
  { path: '/', name: 'today', component: () => import('./today/TodayView.vue'), meta: { tab: 'today' } },
  { path: '/communities/:id', name: 'community', component: () => import('./today/CommunityView.vue'), props: true, meta: { tab: 'today', keyed: true } },
  { path: '/inspect', name: 'inspect', component: () => import('./inspect/StartView.vue'), meta: { tab: 'inspect' } },
  { path: '/drafts/:id', name: 'draft', component: () => import('./inspect/DraftView.vue'), props: true, meta: { tab: 'inspect', ...making } },
  { path: '/done/:id', name: 'done', component: () => import('./inspect/DoneView.vue'), props: true, meta: { tab: 'inspect', keyed: true } },
  { path: '/cases', name: 'cases', component: () => import('./cases/CasesView.vue'), meta: { tab: 'cases' } },
  { path: '/cases/:id', name: 'case', component: () => import('./cases/CaseView.vue'), props: true, meta: { tab: 'cases', keyed: true } },
  { path: '/complaints/:id', name: 'complaint', component: () => import('./today/ComplaintView.vue'), props: true, meta: { tab: 'today', ...making } },
  { path: '/cases/:id/:deed', name: 'deed', component: () => import('./cases/DeedView.vue'), props: true, meta: { tab: 'cases', ...making } },
  { path: '/outbox', name: 'outbox', component: () => import('./outbox/OutboxView.vue'), meta: { tab: 'outbox' } },
  { path: '/outbox/:id', name: 'item', component: () => import('./outbox/ItemView.vue'), props: true, meta: { tab: 'outbox', keyed: true } },
  { path: '/me', name: 'me', component: () => import('./me/MeView.vue'), meta: { tab: 'me' } },
  { path: '/me/log', name: 'log', component: () => import('./me/LogView.vue'), meta: { tab: 'me' } },
  { path: '/me/phrases', name: 'phrases', component: () => import('./me/PhrasesView.vue'), meta: { tab: 'me' } },
  { path: '/me/storage', name: 'storage', component: () => import('./me/StorageView.vue'), meta: { tab: 'me' } },
  { path: '/edit/:entity/:id', name: 'edit', component: () => import('./edit/EditView.vue'), props: true, meta: { tab: 'today', ...making } },
  { path: '/propose/:what', name: 'propose', component: () => import('./propose/ProposeView.vue'), props: true, meta: { tab: 'me', ...making } },
  { path: '/:path(.*)*', name: 'nowhere', component: () => import('./shell/NowhereView.vue'), meta: { open: true } },
]

/** The tablet's pages. Whoever is not enrolled goes to the enrolment first; a code in the address goes along. */
export function tabletRouter() {
  const router = createRouter({ history: createWebHistory('/tablet/'), routes })
  router.beforeEach(async (to) => {
    if (to.hash.startsWith('#enrol=') && to.name !== 'enrol') return { name: 'enrol', hash: to.hash }
    if (to.meta.open) return true
    return (await resume()) ? true : { name: 'enrol' }
  })
  return router
}
