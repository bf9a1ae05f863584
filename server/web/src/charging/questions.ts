import type { Question } from '@/shared/form'

type Words = (name: string) => string
type Kind = Question['kind']

const ASKED: Record<string, [string, Kind, boolean][]> = {
  meet: [['held_on', 'day', true], ['place', 'line', true], ['chair', 'line', true], ['participants', 'lines', true], ['decisions', 'long', true]],
  consult: [['vote_id', 'choice', false], ['waived_because', 'long', false]],
  fire_review: [['agreed', 'flag', true], ['reviewed_on', 'day', true], ['opinion', 'long', true], ['document_no', 'line', false]],
  power_reply: [['agreed', 'flag', true], ['replied_on', 'day', true], ['spare_kva', 'line', false], ['connect_by', 'day', false], ['document_no', 'line', false]],
  invest: [['investor', 'line', true], ['contract_no', 'line', true], ['contract_on', 'day', true], ['amount_yuan', 'line', true], ['investor_share_percent', 'line', true], ['rest_paid_by', 'line', false]],
  begin: [['begun_on', 'day', true], ['expected_on', 'day', true], ['builder', 'line', true]],
  extend: [['expected_on', 'day', true], ['reason', 'long', true]],
  complete: [['in_service_on', 'day', true], ['charging_ports', 'line', true], ['acceptance', 'long', true]],
  urge: [['urged_on', 'day', true], ['reason', 'long', true]],
  return: [['reason', 'long', true]],
  withdraw: [['reason', 'long', true]],
  reopen: [['reason', 'long', true]],
  retire: [['retired_on', 'day', true], ['reason', 'long', true]],
}
/** Commands that say something to be seen: photos may go with them. */
export const SHOWN_IN_PHOTOS: ReadonlySet<string> = new Set(['work.begin', 'work.complete', 'work.urge'])
const NUMBERS = new Set(['spare_kva', 'amount_yuan', 'investor_share_percent', 'charging_ports'])

/** What a command asks; `votes` are the counted votes that a site can name. */
export function questionsOf(command: string, label: Words, votes: { value: string; text: string }[], yesNo: [string, string]): Question[] {
  return (ASKED[command.replace('work.', '')] ?? []).map(([name, kind, required]) => {
    const options = kind === 'flag' ? yesNo.map((text) => ({ value: text, text })) : name === 'vote_id' ? votes : undefined
    return { name, label: label(name), kind, required, options }
  })
}

/** Answers with numbers as numbers; what is no number stays as it was typed, so that the server says so. */
export function withNumbers(answers: Record<string, unknown>): Record<string, unknown> {
  const read = (name: string, value: unknown) => {
    const number = Number(value)
    return NUMBERS.has(name) && value !== '' && Number.isFinite(number) ? number : value
  }
  return Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, read(name, value)]))
}
