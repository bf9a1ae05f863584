import type { Inspection, PhotoClaim } from '@/shared/types'

/** The photos of an inspection: as it lists them, else every digest its answers name. */
export function photosOf(inspection: Inspection): PhotoClaim[] {
  if (inspection.photos?.length) return inspection.photos
  const missing = inspection.missing_photos ?? []
  return [...new Set(digestsIn(inspection.answers))].map((sha256) => ({ sha256, received: !missing.includes(sha256) }))
}

function digestsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(digestsIn)
}
