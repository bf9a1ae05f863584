import { describe, expect, it } from 'vitest'
import { guessed, mappingOf, peekInto, planeOf, rowsOf } from './columns'

describe('the beginning of a file', () => {
  it('tells the columns of a CSV, quoted ones too', async () => {
    const peek = await peekInto(new Blob(['\ufeffid,"经度",纬度,"a ""b"", c"\r\n1,117.2,35.6,x\r\n']))
    expect(peek?.titles).toEqual(['id', '经度', '纬度', 'a "b", c'])
    expect(peek?.first).toMatchObject({ 经度: '117.2', 纬度: '35.6' })
    expect(rowsOf('a,b\n"1\n2",3', 2)).toEqual([['a', 'b'], ['1\n2', '3']])
  })

  it('reads what Chinese Excel writes, and what is packed', async () => {
    const gbk = new Uint8Array([0xbe, 0xad, 0xb6, 0xc8, 0x2c, 0x79, 0x0a, 0x31, 0x2c, 0x32, 0x0a, 0x33, 0x2c, 0x34, 0x0a])
    expect((await peekInto(new Blob([gbk])))?.titles).toEqual(['经度', 'y'])
    const packed = new Blob(['lon,lat\n1,2\n3,4\n']).stream().pipeThrough(new CompressionStream('gzip'))
    expect((await peekInto(await new Response(packed).blob()))?.titles).toEqual(['lon', 'lat'])
  })

  it('tells the properties of GeoJSON and that its places come along', async () => {
    const text = '{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[-71.1,42.3]},"properties":{"reason":"noise"}}]}'
    expect(await peekInto(new Blob([text]))).toEqual({ titles: ['reason'], first: { reason: 'noise', lon: '-71.1', lat: '42.3' }, placed: true })
  })

  it('leaves to the server what it cannot read', async () => {
    expect(await peekInto(new Blob(['SQLite format 3\0']))).toBeNull()
    expect(await peekInto(new Blob(['PK\u0003\u0004']))).toBeNull()
  })
})

it('columns are guessed by their names and told as the server reads them', () => {
  const found = guessed(['case_id', 'open_dt', 'Latitude', 'longitude', 'reason'])
  expect(found).toEqual({ lon: 'longitude', lat: 'Latitude', time: 'open_dt', category: 'reason' })
  expect(mappingOf({ lon: '经度', lat: '纬度' })).toBe('lon=经度,lat=纬度')
})

it('a plane in metres follows from a place', () => {
  expect([planeOf(117.27, 35.66), planeOf(-71.06, 42.36), planeOf(151.2, -33.9), planeOf(500, 0)]).toEqual([4548, 32619, 32756, null])
})
