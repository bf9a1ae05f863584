import { useI18n } from 'vue-i18n'
import { inOrder, useUnitNames } from '@/shared/directory'
import { inARow } from '@/shared/language'
import { useCategories } from '@/shared/directory'
import { useLabels } from '@/shared/vocabulary'
import type { Column, Row, Rule, Table } from './rules'

const STREET = 'street'

/** How the cells of tables of rules are told, by the kind of their column. */
export function useCells() {
  const { t, te } = useI18n({ useScope: 'global' })
  const { label: word, category, language } = useLabels()
  const { units, unitName } = useUnitNames()
  void units.load()
  void useCategories().load()
  const either = (key: string, code: string) => (te(`${key}.${code}`, 'zh-CN') ? t(`${key}.${code}`) : code)

  function choice({ kind }: Column, code: string): string {
    if (kind === 'category') return category(code)
    if (kind === 'severity') return word('severity', code)
    if (kind === 'unit' || kind === 'units') return unitName(code)
    if (kind === 'responsible') return code === STREET ? t('rules.street') : unitName(code)
    if (kind === 'limit_unit') return t(`rules.unit.${code}`)
    if (kind === 'link') return either('figures.link', code)
    if (kind === 'rule') return either('rules.name', code)
    return either(`rules.code.${kind}`, code)
  }
  function shown(column: Column, row: Row): string {
    const value = row[column.name]
    if (value === null || value === undefined || value === '') return column.kind === 'place' ? t('rules.county') : '—'
    if (column.kind === 'facility' && row.name) return String(row.name)
    if (typeof value === 'boolean') return t(value ? 'cases.yes' : 'cases.no')
    if (Array.isArray(value)) return value.length ? inARow(language.value, value.map((one) => choice(column, String(one)))) : '—'
    return column.kind === 'number' || column.kind === 'integer' ? String(value) : choice(column, String(value))
  }
  /** What may be chosen: fixed codes, or the units that work. */
  function options(column: Column): string[] {
    if (column.kind === 'units') return inOrder(units.rows).map((unit) => unit.code)
    if (column.kind === 'responsible') return [STREET, ...inOrder(units.rows).filter((unit) => unit.kind !== 'neighbourhood').map((unit) => unit.code)]
    return column.choices
  }
  const label = (column: Column) => t(`rules.col.${column.name}`)
  const named = (table: Table, row: Row) => table.key.map((column) => shown(column, row)).join(' · ')
  const spoken = (table: Table, rule: Rule) =>
    [rule.id, ...rule.rows.flatMap((row) => [row.source, ...[...table.key, ...table.values].flatMap((column) => [shown(column, row), String(row[column.name] ?? '')])])].join(' ').toLowerCase()
  return { label, choice, shown, options, named, spoken }
}
