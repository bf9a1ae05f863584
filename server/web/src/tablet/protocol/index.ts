/** The tablet's side of the sync protocol: no pages in it, and no words for people.
 *
 * What a worker does lies in this browser's own database when the promise of it resolves, and stays there
 * until the server has said its fate. Nothing here needs a line but `enrol` and `photos.seen`.
 */

export type * from './commands'
export type * from './contract'
export * from './errors'
export { invitationUrl, readInvitation } from './invitation'
export type * from './records'
