import type { Device, Wipe } from '@/desks/desks'

export type Step = 'asked' | 'learned' | 'erasing' | 'erased'

/** How far a tablet is with the order to erase itself. */
export function stepOf(wipe: Wipe): Step {
  if (wipe.erased_at) return 'erased'
  if (wipe.erasing_at) return 'erasing'
  return wipe.learned_at ? 'learned' : 'asked'
}

/** Whether the order can still be taken back: until the tablet has begun. */
export function mayWithdraw(device: Device): boolean {
  return device.wipe !== null && device.wipe.erasing_at === null
}

/** What is not sent yet as far as the office knows: nothing known, nothing waits, or so much. */
export function unsentOf({ report }: Device): { known: 'never' | 'nothing' | 'some'; items: number; photos: number } {
  const [items, photos] = [report?.waiting_items ?? 0, report?.waiting_photos ?? 0]
  if (report?.waiting_items === undefined || report.waiting_items === null) return { known: 'never', items, photos }
  return { known: items || photos ? 'some' : 'nothing', items, photos }
}
