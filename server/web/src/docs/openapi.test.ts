import { describe, expect, it } from 'vitest'
import { choicesOf, fieldsOf, operationsOf, typeName, type OpenApi } from './openapi'

const api: OpenApi = {
  info: { title: 'x', version: '1' },
  paths: {
    '/cases/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true }],
      get: { tags: ['ledger'], summary: 'A case', responses: { 200: { description: 'OK' }, default: { $ref: '#/components/responses/Bad' } } },
    },
  },
  components: {
    responses: { Bad: { description: 'A problem', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
    schemas: { Problem: { type: 'object', properties: { type: { type: 'string' } } } },
  },
}

describe('the description of the API', () => {
  it('lists every call with shared parameters and followed answers', () => {
    const [get] = operationsOf(api)
    expect(get).toMatchObject({ id: 'get /cases/{id}', tag: 'ledger', parameters: [{ name: 'id' }] })
    expect(get?.responses.map((answer) => answer.description)).toEqual(['OK', 'A problem'])
  })

  it.each([
    [undefined, 'any'],
    [{ $ref: '#/components/schemas/Case' }, 'Case'],
    [{ type: 'string', format: 'uuid' }, 'string (uuid)'],
    [{ type: 'array', items: { type: 'integer' } }, 'array of integer'],
    [{ type: 'string', enum: ['A', 'B'] }, '"A" | "B"'],
    [{ type: 'string', nullable: true }, 'string | null'],
  ])('names the type of %o as %s', (schema, name) => expect(typeName(schema)).toBe(name))

  it('unfolds references, arrays and what is composed', () => {
    const problem = { $ref: '#/components/schemas/Problem' }
    expect(Object.keys(fieldsOf(api, { type: 'array', items: problem })?.properties ?? {})).toEqual(['type'])
    expect(Object.keys(fieldsOf(api, { allOf: [problem] })?.properties ?? {})).toEqual(['type'])
    expect(fieldsOf(api, { type: 'string' })).toBeNull()
  })

  it('unfolds each of several ways by the name that tells them apart', () => {
    const way = (type: string) => ({ allOf: [{ properties: { mid: {} }, required: ['mid'] }, { properties: { type: { enum: [type] } } }] })
    const schemas = { A: way('case.file'), B: way('case.close') }
    const refs = ['A', 'B'].map((name) => ({ $ref: `#/components/schemas/${name}` }))
    const described: OpenApi = { ...api, components: { schemas } }
    const mapping = { 'case.file': refs[0]!.$ref, 'case.close': refs[1]!.$ref }
    const found = choicesOf(described, { type: 'array', items: { oneOf: refs, discriminator: { propertyName: 'type', mapping } } })
    expect(found?.by).toBe('type')
    expect(found?.choices.map((choice) => choice.name)).toEqual(['case.file', 'case.close'])
    expect(Object.keys(fieldsOf(described, found?.choices[0]?.schema)?.properties ?? {})).toEqual(['mid', 'type'])
  })

  it('offers no choice where there is none', () => {
    expect(choicesOf(api, { anyOf: [{ type: 'string' }, { type: 'boolean' }] })).toBeNull()
    expect(choicesOf(api, { type: 'string' })).toBeNull()
  })

  it('names many ways by their number', () =>
    expect(typeName({ oneOf: Array.from({ length: 9 }, () => ({ type: 'string' })) })).toBe('one of 9'))
})
