import {
  Aim,
  ChatLineSquare,
  Cellphone,
  Checked,
  Connection,
  Coordinate,
  DataAnalysis,
  Document,
  Files,
  Finished,
  Grid,
  Guide,
  Histogram,
  Key,
  Lightning,
  List,
  Location,
  MapLocation,
  Notebook,
  OfficeBuilding,
  Phone,
  Refresh,
  SetUp,
  Switch,
  School,
  Tickets,
  User,
} from '@element-plus/icons-vue'
import type { Component } from 'vue'

/** A page that the rail leads to, for those who hold `right`. */
export interface PageLink {
  name: string
  icon: Component
  right?: string
  below?: string[]
}

/** What the rail shows, in groups: what people work through each day stands first. */
export const PAGES: { group: string; links: PageLink[] }[] = [
  {
    group: 'daily',
    links: [
      { name: 'work', icon: Checked, right: 'cases.list' },
      { name: 'ledger', icon: List, right: 'cases.list', below: ['case', 'case-report'] },
      { name: 'complaints', icon: ChatLineSquare, right: 'complaints.list', below: ['complaint'] },
      { name: 'hotline', icon: Phone, right: 'hotline.list', below: ['hotline-order'] },
      { name: 'joint', icon: Connection, right: 'joint.list', below: ['joint-action'] },
      { name: 'stand-ins', icon: Switch },
      { name: 'reports', icon: Notebook, right: 'reports.read' },
      { name: 'papers', icon: Tickets, right: 'papers.list', below: ['paper'] },
      { name: 'inspections', icon: Location, right: 'inspections.list', below: ['inspection'] },
    ],
  },
  {
    group: 'map',
    links: [
      { name: 'map', icon: MapLocation, right: 'communities.list' },
      { name: 'heat', icon: Aim, right: 'heat.read' },
      { name: 'analysis', icon: Histogram, right: 'analysis_layers.list' },
      { name: 'coverage', icon: Guide, right: 'coverage.list' },
      { name: 'siting', icon: Coordinate, right: 'siting_plans.list' },
    ],
  },
  {
    group: 'data',
    links: [
      { name: 'charging', icon: Lightning, right: 'charging_works.list', below: ['charging-work'] },
      { name: 'votes', icon: User, right: 'votes.list', below: ['vote'] },
      { name: 'projects', icon: School, right: 'charging_projects.list' },
      { name: 'figures', icon: DataAnalysis, right: 'cases.list' },
      { name: 'places', icon: OfficeBuilding, right: 'communities.list', below: ['community-sheet', 'board'] },
      { name: 'tables', icon: Files, right: 'communities.list' },
    ],
  },
  {
    group: 'system',
    links: [
      { name: 'people', icon: User, right: 'users.list' },
      { name: 'units', icon: OfficeBuilding, right: 'units.register', below: ['unit'] },
      { name: 'assignments', icon: Grid, right: 'assignments.list' },
      { name: 'roles', icon: Key, right: 'users.list' },
      { name: 'checklists', icon: Finished, right: 'checklist.keep', below: ['checklist'] },
      { name: 'rules', icon: SetUp, right: 'siting_rows.list' },
      { name: 'fleet', icon: Cellphone, right: 'devices.list', below: ['fleet-codes'] },
      { name: 'desks', icon: Refresh, right: 'devices.list', below: ['outbox-file'] },
      { name: 'docs', icon: Document },
    ],
  },
]
