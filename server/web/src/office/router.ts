import { ElMessage } from 'element-plus'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/auth/session'
import { i18n } from '@/shared/i18n'

const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('@/auth/SignIn.vue'), meta: { open: true, bare: true } },
  { path: '/', name: 'start', component: () => import('./NothingYet.vue') },
  { path: '/work', name: 'work', component: () => import('@/todo/WorkView.vue'), meta: { right: 'cases.list' } },
  { path: '/ledger', name: 'ledger', component: () => import('@/ledger/LedgerView.vue'), meta: { right: 'cases.list' } },
  { path: '/cases/new', name: 'case-report', component: () => import('@/cases/ReportView.vue'), meta: { right: 'case.report' } },
  { path: '/cases/:id', name: 'case', component: () => import('@/cases/CaseView.vue'), props: true, meta: { right: 'cases.list' } },
  { path: '/map', name: 'map', component: () => import('@/map/MapView.vue'), meta: { right: 'communities.list' } },
  { path: '/heat', name: 'heat', component: () => import('@/heat/HeatView.vue'), meta: { right: 'heat.read' } },
  { path: '/analysis', name: 'analysis', component: () => import('@/analysis/AnalysisView.vue'), meta: { right: 'analysis_layers.list' } },
  { path: '/inspections', name: 'inspections', component: () => import('@/inspections/InspectionList.vue'), meta: { right: 'inspections.list' } },
  {
    path: '/inspections/:id',
    name: 'inspection',
    component: () => import('@/inspections/InspectionView.vue'),
    props: true,
    meta: { right: 'inspections.list' },
  },
  { path: '/coverage', name: 'coverage', component: () => import('@/coverage/CoverageView.vue'), meta: { right: 'coverage.list' } },
  { path: '/places', name: 'places', component: () => import('@/places/PlacesView.vue'), meta: { right: 'communities.list' } },
  { path: '/siting', name: 'siting', component: () => import('@/siting/SitingView.vue'), meta: { right: 'siting_plans.list' } },
  { path: '/siting-rules', redirect: { name: 'rules', query: { table: 'siting_rules' } } },
  { path: '/figures', name: 'figures', component: () => import('@/figures/FiguresView.vue'), meta: { right: 'cases.list' } },
  { path: '/tables', name: 'tables', component: () => import('@/tables/TablesView.vue'), meta: { right: 'communities.list' } },
  { path: '/joint', name: 'joint', component: () => import('@/joint/JointList.vue'), meta: { right: 'joint.list' } },
  { path: '/joint/:id', name: 'joint-action', component: () => import('@/joint/JointView.vue'), props: true, meta: { right: 'joint.list' } },
  { path: '/charging', name: 'charging', component: () => import('@/charging/ChargingBoard.vue'), meta: { right: 'charging_works.list' } },
  { path: '/charging/:id', name: 'charging-work', component: () => import('@/charging/WorkView.vue'), props: true, meta: { right: 'charging_works.list' } },
  { path: '/votes', name: 'votes', component: () => import('@/votes/VoteList.vue'), meta: { right: 'votes.list' } },
  { path: '/votes/:id', name: 'vote', component: () => import('@/votes/VoteView.vue'), props: true, meta: { right: 'votes.list' } },
  { path: '/charging-projects', name: 'projects', component: () => import('@/projects/ProjectsView.vue'), meta: { right: 'charging_projects.list' } },
  { path: '/papers', name: 'papers', component: () => import('@/papers/PapersView.vue'), meta: { right: 'papers.list' } },
  { path: '/papers/:id', name: 'paper', component: () => import('@/papers/PaperView.vue'), props: true, meta: { right: 'papers.list' } },
  { path: '/hotline', name: 'hotline', component: () => import('@/hotline/HotlineView.vue'), meta: { right: 'hotline.list' } },
  { path: '/hotline/:id', name: 'hotline-order', component: () => import('@/hotline/OrderView.vue'), props: true, meta: { right: 'hotline.list' } },
  { path: '/complaints', name: 'complaints', component: () => import('@/complaints/ComplaintList.vue'), meta: { right: 'complaints.list' } },
  { path: '/complaints/:id', name: 'complaint', component: () => import('@/complaints/ComplaintView.vue'), props: true, meta: { right: 'complaints.list' } },
  { path: '/report', name: 'public-report', component: () => import('@/complaints/ReportView.vue'), meta: { open: true, bare: true } },
  { path: '/report/follow', name: 'public-follow', component: () => import('@/complaints/FollowView.vue'), meta: { open: true, bare: true } },
  { path: '/p/:code', name: 'public-progress', component: () => import('@/published/ProgressView.vue'), props: true, meta: { open: true, bare: true } },
  { path: '/communities/:id', name: 'community-sheet', component: () => import('@/dossiers/SheetView.vue'), props: true, meta: { right: 'communities.sheet' } },
  { path: '/communities/:id/board', name: 'board', component: () => import('@/published/BoardView.vue'), props: true, meta: { right: 'board.keep' } },
  { path: '/stand-ins', name: 'stand-ins', component: () => import('@/standing/StandInsView.vue') },
  { path: '/reports', name: 'reports', component: () => import('@/reports/ReportsView.vue'), meta: { right: 'reports.read' } },
  { path: '/people', name: 'people', component: () => import('@/people/PeopleView.vue'), meta: { right: 'users.list' } },
  { path: '/units', name: 'units', component: () => import('@/units/UnitsView.vue'), meta: { right: 'units.register' } },
  { path: '/units/:code', name: 'unit', component: () => import('@/units/UnitView.vue'), props: true, meta: { right: 'units.register' } },
  { path: '/roles', name: 'roles', component: () => import('@/units/RolesView.vue'), meta: { right: 'users.list' } },
  { path: '/assignments', name: 'assignments', component: () => import('@/assignments/AssignmentsView.vue'), meta: { right: 'assignments.list' } },
  { path: '/rules', name: 'rules', component: () => import('@/rules/RulesView.vue'), meta: { right: 'rules.list' } },
  { path: '/checklists', name: 'checklists', component: () => import('@/checklists/ChecklistsView.vue'), meta: { right: 'checklists.list' } },
  { path: '/checklists/:code', name: 'checklist', component: () => import('@/checklists/ChecklistView.vue'), props: true, meta: { right: 'checklists.list' } },
  { path: '/fleet', name: 'fleet', component: () => import('@/fleet/FleetView.vue'), meta: { right: 'devices.list' } },
  { path: '/fleet/codes', name: 'fleet-codes', component: () => import('@/fleet/CodesView.vue'), meta: { right: 'device.code' } },
  { path: '/desks/outbox-file', name: 'outbox-file', component: () => import('@/desks/OutboxFileView.vue'), meta: { right: 'quarantine.decide' } },
  { path: '/desks', name: 'desks', component: () => import('@/desks/DesksView.vue'), meta: { right: 'devices.list' } },
  { path: '/notifications', name: 'notifications', component: () => import('@/notices/NoticesView.vue') },
  { path: '/docs', name: 'docs', component: () => import('@/docs/DocsView.vue'), meta: { open: true } },
  { path: '/:path(.*)*', name: 'not-found', component: () => import('./NotFound.vue'), meta: { open: true } },
]

/** Whose day begins with the whole; everybody else's begins with what waits for them. */
const MANAGERS = ['headquarters', 'admin']

/** Say why somebody who asked for a page, by an address or at the door, stands on another. */
function refuse(name: string) {
  const { t, te } = i18n.global
  const key = [`office.nav.${name}`, `office.page.${name}`].find((one) => te(one, 'zh-CN'))
  ElMessage({ type: 'warning', message: t('office.refused', { page: key ? t(key) : name }), duration: 8000, showClose: true })
}

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
    if (to.name === 'start' && session.may('cases.list')) return { name: MANAGERS.includes(session.user?.role ?? '') ? 'ledger' : 'work' }
    if (to.name === 'start' && session.may('communities.list')) return { name: 'map' }
    if (!to.meta.right || session.may(String(to.meta.right))) return true
    refuse(String(to.name))
    return { name: 'start' }
  })
  return router
}
