import type { RuleRecord } from '../protocol'
import { dueAt, type LimitUnit } from './deadlines'
import { localDay, type WorkCalendar } from './workcalendar'

/** The rules in force on a day, by category and severity; of two rows the later begun holds. */
export class RuleBook {
  private readonly held = new Map<string, RuleRecord>()

  constructor(rules: readonly RuleRecord[], day: string) {
    for (const rule of rules) {
      if (rule.valid_from > day || (rule.valid_to !== null && rule.valid_to <= day)) continue
      const other = this.held.get(keyOf(rule.category, rule.severity))
      if (!other || other.valid_from < rule.valid_from) this.held.set(keyOf(rule.category, rule.severity), rule)
    }
  }

  rule(category: string, severity: string): RuleRecord | null {
    return this.held.get(keyOf(category, severity)) ?? null
  }

  /** The severities that a category can have, the gravest first. */
  severities(category: string): string[] {
    return ['A', 'B', 'C'].filter((severity) => this.held.has(keyOf(category, severity)))
  }
}

function keyOf(category: string, severity: string): string {
  return `${category}/${severity}`
}

/** What a violation found now leads to, as far as a tablet can know it: the server decides at filing. */
export interface Terms {
  rule: RuleRecord
  /** Null where the rule leaves it to the dispatcher alone. */
  dueAt: number | null
}

/** The rule and the deadline of a violation found at an instant; null where no rule is in force. */
export function termsOf(book: RuleBook, category: string, severity: string, at: number, calendar: WorkCalendar): Terms | null {
  const rule = book.rule(category, severity)
  if (!rule) return null
  const { limit_amount: amount, limit_unit: unit } = rule
  return { rule, dueAt: amount && unit ? dueAt(at, amount, unit as LimitUnit, calendar) : null }
}

/** The rules in force at an instant. */
export function rulesAt(rules: readonly RuleRecord[], at: number): RuleBook {
  return new RuleBook(rules, localDay(at))
}
