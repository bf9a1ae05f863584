/** The tablet's side of the sync protocol: no pages in it, and no words for people.
 *
 * What a worker does lies in this browser's own database when the promise of it resolves, and stays there
 * until the server has said its fate. Nothing here needs a line but `enrol` and `photos.seen`.
 *
 *     const here = tablets()
 *     const tablet = (await here.resume()) ?? (await here.enrol(scanned, 'tablet 7'))
 *     const photo = await tablet.photos.add(file)
 *     await tablet.outbox.enqueue({ type: 'case.report', data: { …, photos: [photo.sha256] } })
 *     tablet.observe(() => tablet.mirror.all('case')).subscribe(show)
 */

export type * from './commands'
export type * from './contract'
export * from './errors'
export * from './facts'
export { invitationUrl, readInvitation } from './invitation'
export type * from './records'
export { tablets } from './tablets'
