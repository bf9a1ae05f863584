import { words } from '@/shared/words'

export const docsWords = words(
  {
    title: '接口文档',
    raw: 'OpenAPI 文件',
    lead: '{title} {version}。错误一律为 application/problem+json。',
    search: '查找路径或说明',
    parameters: '参数',
    body: '请求体',
    responses: '响应',
    required: '必填',
    empty: '没有符合的接口。',
    other: '其他',
    choice: '{n} 种写法之一',
    choiceBy: '按 {by} 区分，共 {n} 种',
  },
  {
    title: 'API reference',
    raw: 'OpenAPI file',
    lead: '{title} {version}. Every error is application/problem+json.',
    search: 'Find a path or a word',
    parameters: 'Parameters',
    body: 'Body',
    responses: 'Answers',
    required: 'required',
    empty: 'No call fits.',
    other: 'Other',
    choice: 'One of {n}',
    choiceBy: 'One of {n}, told apart by {by}',
  },
)
