export interface Schema {
  $ref?: string
  type?: string
  format?: string
  title?: string
  description?: string
  enum?: unknown[]
  nullable?: boolean
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  discriminator?: { propertyName: string; mapping?: Record<string, string> }
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
}
type Content = Record<string, { schema?: Schema }>
interface Parameter {
  $ref?: string
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}
interface RawOperation {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: { content?: Content }
  responses?: Record<string, { $ref?: string; description?: string; content?: Content }>
}
export interface OpenApi {
  info: { title: string; version: string; description?: string }
  paths: Record<string, Record<string, unknown>>
  components?: Record<string, Record<string, unknown>>
}

/** One call of the API, with every reference but those inside schemas followed. */
export interface Operation {
  id: string
  method: string
  path: string
  tag: string
  summary: string
  description: string
  parameters: Parameter[]
  body: { media: string; schema: Schema | undefined }[]
  responses: { status: string; description: string; content: { media: string; schema: Schema | undefined }[] }[]
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

/** Every call of a description, in its order. */
export function operationsOf(api: OpenApi): Operation[] {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operation(api, path, method, item)),
  )
}

function operation(api: OpenApi, path: string, method: string, item: Record<string, unknown>): Operation {
  const raw = item[method] as RawOperation
  const shared = (item.parameters as Parameter[] | undefined) ?? []
  return {
    id: `${method} ${path}`,
    method,
    path,
    tag: raw.tags?.[0] ?? '',
    summary: raw.summary ?? '',
    description: raw.description ?? '',
    parameters: [...shared, ...(raw.parameters ?? [])].map((parameter) => followed(api, parameter)),
    body: contents(raw.requestBody?.content),
    responses: Object.entries(raw.responses ?? {}).map(([status, found]) => {
      const response = followed(api, found)
      return { status, description: response.description ?? '', content: contents(response.content) }
    }),
  }
}

function contents(content: Content | undefined) {
  return Object.entries(content ?? {}).map(([media, { schema }]) => ({ media, schema }))
}

/** What a local `$ref` points to; the thing itself when it is none or points nowhere. */
export function followed<T extends object>(api: OpenApi, thing: T & { $ref?: string }): T {
  const parts = thing.$ref?.split('/').slice(1)
  const target = parts?.reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], api)
  return (target as T | undefined) ?? thing
}

const MOST_NAMED = 4

/** A type in one line: `string (uuid)`, `array of Case`, `"A" | "B"`. */
export function typeName(schema: Schema | undefined): string {
  if (!schema) return 'any'
  if (schema.$ref) return schema.$ref.split('/').pop() ?? 'object'
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices && !schema.allOf && choices.length > MOST_NAMED) return `one of ${choices.length}`
  if (choices) return choices.map(typeName).join(schema.allOf ? ' & ' : ' | ')
  if (schema.type === 'array') return `array of ${typeName(schema.items)}`
  const name = schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any')
  return schema.nullable ? `${name} | null` : name
}

/** The schema whose fields are worth unfolding below a type: an object, or the items of an array. */
export function fieldsOf(api: OpenApi, schema: Schema | undefined): Schema | null {
  if (!schema) return null
  const found = followed(api, schema)
  if (found.type === 'array') return fieldsOf(api, found.items)
  if (found.properties) return found
  const parts = (found.allOf ?? []).map((part) => fieldsOf(api, part)).filter((part) => part !== null)
  if (!parts.length) return null
  return {
    properties: Object.assign({}, ...parts.map((part) => part.properties)) as Record<string, Schema>,
    required: parts.flatMap((part) => part.required ?? []),
  }
}

/** One way to fill a schema that may be filled in several: its name, and what it then holds. */
export interface Choice {
  name: string
  schema: Schema
}

/** The ways to fill a schema (or each item of a list), named by its discriminator where it has one; none when there is only one. */
export function choicesOf(api: OpenApi, schema: Schema | undefined): { by: string | null; choices: Choice[] } | null {
  if (!schema) return null
  const found = followed(api, schema)
  if (found.type === 'array') return choicesOf(api, found.items)
  const ways = (found.oneOf ?? found.anyOf ?? []).filter((way) => fieldsOf(api, way))
  if (ways.length < 2) return null
  const names = new Map(Object.entries(found.discriminator?.mapping ?? {}).map(([name, target]) => [target, name]))
  const choices = ways.map((way) => ({ name: names.get(way.$ref ?? '') ?? typeName(way), schema: way }))
  return { by: found.discriminator?.propertyName ?? null, choices }
}
