import { describe, expect, it } from 'vitest'
import { problemOf } from './problem'

const told = {
  type: '/problems/invalid-input',
  title: 'Invalid input',
  status: 422,
  detail: 'Too short.',
  detail_zh: '太短。',
  errors: [{ pointer: '/data/demand', detail: 'at least 5', detail_zh: '至少 5 字' }],
}

describe('a failed answer', () => {
  it('is told in the language of the reader, with its pointers', async () => {
    const headers = { 'Content-Type': 'application/problem+json' }
    const problem = await problemOf(new Response(JSON.stringify(told), { status: 422, headers }))
    expect(problem.kind).toBe('invalid-input')
    expect(problem.text('zh-CN')).toBe('太短。')
    expect(problem.text('en')).toBe('Too short.')
    expect(problem.faults('en')).toEqual([{ pointer: '/data/demand', text: 'at least 5' }])
  })

  it('is still told when a proxy answered with a page', async () => {
    const headers = { 'Content-Type': 'text/html' }
    const problem = await problemOf(new Response('<h1>Bad gateway</h1>', { status: 502, headers }))
    expect(problem.status).toBe(502)
    expect(problem.text('en')).toContain('502')
    expect(problem.text('zh-CN')).toContain('502')
  })
})
