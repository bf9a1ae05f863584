import type { PhotoClaim } from '@/shared/types'

const ORDER = ['before', 'after', 'check']

/** Photos by role, in the order of a rectification, then the rest; before, after and check appear even when empty. */
export function byRole(photos: PhotoClaim[], onlyPresent = false): { role: string; photos: PhotoClaim[] }[] {
  const roles = photos.map((photo) => photo.role ?? 'other')
  const others = [...new Set(roles)].filter((role) => !ORDER.includes(role))
  return [...ORDER, ...others]
    .map((role) => ({ role, photos: photos.filter((photo) => (photo.role ?? 'other') === role) }))
    .filter((group) => !onlyPresent || group.photos.length)
}
