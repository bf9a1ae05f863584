const OFFICE_WORK = new Set([
  'grid_worker',
  'intake_clerk',
  'dispatcher',
  'shift_leader',
  'neighbourhood',
  'subdistrict',
  'department',
  'property_company',
  'developer',
  'utility',
  'lift_maintainer',
  'headquarters',
  'admin',
])

/** Whether a role finds anything at the office desk; the others get a page that says so. */
export function hasOfficeWork(role: string): boolean {
  return OFFICE_WORK.has(role)
}
