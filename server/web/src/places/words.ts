import { words } from '@/shared/words'

export const placeWords = words(
  {
    title: '住宅小区',
    search: '小区名称',
    empty: '没有住宅小区。',
    column: { name: '小区', kind: '类别', neighbourhood: '社区', cells: '网格', company: '物业服务企业', households: '户数', built: '建成年份' },
    cases: '案件',
    board: '公示牌',
  },
  {
    title: 'Communities',
    search: 'Name of the community',
    empty: 'No community.',
    column: { name: 'Community', kind: 'Kind', neighbourhood: 'Neighbourhood', cells: 'Cells', company: 'Property company', households: 'Households', built: 'Built' },
    cases: 'Cases',
    board: 'Board',
  },
)
