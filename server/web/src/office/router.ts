import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { hasOfficeWork } from '@/auth/duties'
import { useSession } from '@/auth/session'

const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('@/auth/SignIn.vue'), meta: { open: true, bare: true } },
  { path: '/', redirect: '/ledger' },
  { path: '/ledger', name: 'ledger', component: () => import('@/ledger/LedgerView.vue') },
  { path: '/cases/:id', name: 'case', component: () => import('@/cases/CaseView.vue'), props: true },
  { path: '/map', name: 'map', component: () => import('@/map/MapView.vue') },
  { path: '/inspections', name: 'inspections', component: () => import('@/inspections/InspectionList.vue') },
  { path: '/inspections/:id', name: 'inspection', component: () => import('@/inspections/InspectionView.vue'), props: true },
  { path: '/places', name: 'places', component: () => import('@/places/PlacesView.vue') },
  { path: '/docs', name: 'docs', component: () => import('@/docs/DocsView.vue'), meta: { open: true, everyone: true } },
  { path: '/nothing-yet', name: 'nothing-yet', component: () => import('./NothingYet.vue'), meta: { everyone: true } },
  { path: '/:path(.*)*', name: 'not-found', component: () => import('./NotFound.vue'), meta: { open: true, everyone: true } },
]

/** The office's pages. Whoever is not signed in goes to the sign-in first and comes back afterwards. */
export function officeRouter() {
  const router = createRouter({
    history: createWebHistory('/'),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(async (to) => {
    const session = useSession()
    const known = await session.resume().catch(() => false)
    if (!known) return to.meta.open ? true : { name: 'login', query: { to: to.fullPath } }
    if (to.name === 'login') return '/'
    return to.meta.everyone || hasOfficeWork(session.user?.role ?? '') || { name: 'nothing-yet' }
  })
  return router
}
