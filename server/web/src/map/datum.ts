/** The datum that a map is drawn in; CGCS2000 is WGS 84 to within decimetres. */
export type Datum = 'wgs84' | 'cgcs2000' | 'gcj02' | 'bd09'
export type Degrees = [lon: number, lat: number]

const A = 6378245
const E2 = 0.00669342162296594323
const BD = (Math.PI * 3000) / 180
const ROUNDS = 6
const { sin, cos, sqrt, abs, PI } = Math

/** Whether places lie elsewhere on a map in this datum. */
export function shifts(datum: Datum): boolean {
  return datum === 'gcj02' || datum === 'bd09'
}

/** Where a map in this datum shows a place (WGS 84). */
export function toDatum([lon, lat]: Degrees, datum: Datum): Degrees {
  if (datum === 'gcj02') return gcj([lon, lat])
  return datum === 'bd09' ? bd(gcj([lon, lat])) : [lon, lat]
}

/** The place (WGS 84) that a map in this datum shows there. */
export function fromDatum(shown: Degrees, datum: Datum): Degrees {
  if (!shifts(datum)) return shown
  let [lon, lat] = shown
  for (let round = 0; round < ROUNDS; round++) {
    const [x, y] = toDatum([lon, lat], datum)
    lon += shown[0] - x
    lat += shown[1] - y
  }
  return [lon, lat]
}

/** A GeoJSON geometry or collection with every corner moved; itself where there is nothing to move. */
export function moved<T extends GeoJSON.GeoJSON>(told: T, datum: Datum, move: (at: Degrees, datum: Datum) => Degrees = toDatum): T {
  if (!shifts(datum)) return told
  const walk = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value
    return typeof value[0] === 'number' ? move([value[0], Number(value[1])], datum) : value.map(walk)
  }
  const step = (one: GeoJSON.GeoJSON): GeoJSON.GeoJSON => {
    if (one.type === 'FeatureCollection') return { ...one, features: one.features.map((feature) => step(feature) as GeoJSON.Feature) }
    if (one.type === 'Feature') return { ...one, geometry: one.geometry && (step(one.geometry) as GeoJSON.Geometry) }
    return 'coordinates' in one ? ({ ...one, coordinates: walk(one.coordinates) } as GeoJSON.Geometry) : one
  }
  return step(told) as T
}

function gcj([lon, lat]: Degrees): Degrees {
  if (!(lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271)) return [lon, lat]
  const [x, y] = [lon - 105, lat - 35]
  const shared = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3
  const root = sqrt(abs(x))
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
  east += ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
  north += ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 + ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3
  const phi = (lat * PI) / 180
  const flattening = 1 - E2 * sin(phi) ** 2
  const metresNorth = (A * (1 - E2)) / (flattening * sqrt(flattening))
  const metresEast = (A / sqrt(flattening)) * cos(phi)
  return [lon + ((east / metresEast) * 180) / PI, lat + ((north / metresNorth) * 180) / PI]
}

function bd([lon, lat]: Degrees): Degrees {
  const radius = Math.hypot(lon, lat) + 0.00002 * sin(lat * BD)
  const angle = Math.atan2(lat, lon) + 0.000003 * cos(lon * BD)
  return [radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006]
}
