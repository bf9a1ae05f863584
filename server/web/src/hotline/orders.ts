import type { Signal } from '@/shared/types'
import { post } from '@/shared/client'
import type { Question } from '@/shared/form'

export const STATES = ['received', 'in_progress', 'replied', 'closed', 'returned', 'given_back']
export const SIGNALS: Signal[] = ['green', 'yellow', 'red']

/** A work order of the hotline as a list shows it: who called is told on its own page alone. */
export interface Order {
  order_id: string
  order_no: string
  state: string
  version: number
  edition: number
  signal: Signal
  kind: string
  title: string
  content: string
  address: string
  handling_unit: string
  unit_name: string
  called_at: string
  dispatched_at: string
  due_at: string
  return_due_at: string
  received_at: string
  community_id: string | null
  community_name: string | null
  reply: string | null
  answered_at: string | null
  contacted_on: string | null
  satisfied: string | null
  solved: string | null
  return_reason: string | null
  cases: number
}

/** A case in short. */
export interface OrderCase {
  case_id: string
  number: string | null
  state: string
  category: string
  description: string
  reported_at: string
  community_name: string
}

export interface OrderEntry {
  seq: number
  command: string
  recorded_at: string
  facts: Record<string, unknown>
  imported: boolean
  actor: string | null
  stands_for?: string | null
}

/** A work order with everything its page shows. */
export interface OrderDetail extends Order {
  caller: { name: string; phone: string } | null
  cases_linked: OrderCase[]
  history: OrderEntry[]
  editions: { edition: number; taken_at: string; way: string; content: string; due_at: string }[]
  commands: string[]
}

/** What an order may be about; scores run from 0 to 1. */
export interface Proposals {
  communities: { community_id: string; name: string; score: number; reasons: string[] }[]
  categories: { category: string; score: number; reasons: string[] }[]
  cases: (OrderCase & { score: number; reasons: string[] })[]
}

/** What becomes of pasted orders. */
export interface Pasted {
  dry_run: boolean
  rows: number
  created: number
  changed: number
  unchanged: number
  orders: { row: number; order_no: string; fate: string; differs: string[]; called_at: string; due_at: string; content: string }[]
}

const path = (order: Pick<Order, 'order_id'>) => `/api/v1/hotline/orders/${order.order_id}`

/** Give a command on an order as it was seen. Raises Problem. */
export function orderOrder(order: Order, command: string, data: Record<string, unknown> = {}): Promise<OrderDetail> {
  return post<OrderDetail>(`${path(order)}/commands`, { type: `hotline.${command}`, base_version: order.version, data })
}

/** Open a case from an order and tie it to the order. Raises Problem. */
export function openCase(order: Order, answers: Record<string, unknown>): Promise<OrderDetail> {
  return post<OrderDetail>(`${path(order)}/cases`, { base_version: order.version, ...answers })
}

/** The commands that a dialog asks for; the others have a place of their own on the page. */
export const ASKED = ['accept', 'return', 'return_granted', 'return_refused', 'contact', 'redo', 'note']

/** What each of them asks. */
export function questionsOf(command: string, word: (key: string) => string): Question[] {
  const field = (name: string) => word(`hotline.field.${name}`)
  const choices = (name: string, values: string[]) => values.map((value) => ({ value, text: word(`hotline.${name}.${value}`) }))
  const reason: Question = { name: 'reason', label: field('reason'), kind: 'long', required: true }
  switch (command) {
    case 'return':
    case 'return_refused':
      return [reason]
    case 'return_granted':
      return [{ name: 'note', label: field('note'), kind: 'long' }]
    case 'redo':
      return [{ name: 'due_at', label: field('due_at'), kind: 'moment', required: true }, reason]
    case 'note':
      return [{ name: 'text', label: field('text'), kind: 'long', required: true }]
    case 'contact':
      return [
        { name: 'contacted_on', label: field('contacted_on'), kind: 'day', required: true },
        {
          name: 'satisfied',
          label: field('satisfied'),
          kind: 'choice',
          required: true,
          options: choices('satisfied', ['satisfied', 'mostly', 'dissatisfied', 'unrated']),
        },
        { name: 'solved', label: field('solved'), kind: 'choice', required: true, options: choices('solved', ['solved', 'partly', 'unsolved']) },
        { name: 'note', label: field('note'), kind: 'long' },
      ]
    default:
      return []
  }
}
