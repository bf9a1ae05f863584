import { describe, expect, it } from 'vitest'
import { ASKED, questionsOf } from './orders'
import { hotlineWords } from './words'

describe('the questions of a command', () => {
  const spoken = (tree: unknown, key: string) =>
    key.split('.').slice(1).reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], tree)

  it.each(ASKED)('%s asks in words of both languages', (command) => {
    for (const tree of [hotlineWords['zh-CN'], hotlineWords.en]) {
      const word = (key: string) => String(spoken(tree, key))
      const texts = questionsOf(command, word).flatMap((one) => [one.label, ...(one.options ?? []).map((choice) => choice.text)])
      expect([...texts, word(`hotline.command.${command}`)]).not.toContain('undefined')
    }
  })
  it('a contact needs its day and both outcomes', () => {
    expect(questionsOf('contact', (key) => key).filter((one) => one.required).map((one) => one.name)).toEqual([
      'contacted_on',
      'satisfied',
      'solved',
    ])
  })
})
