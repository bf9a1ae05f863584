import type { Map as MapLibre } from 'maplibre-gl'
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
  TerraDrawSessionUndoRedo,
  ValidateNotSelfIntersecting,
  type GeoJSONStoreFeatures,
} from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import type { Shape } from './shapes'

const INK = '#0b6e8f' as const
const MODES: Record<Shape, string> = { Point: 'point', LineString: 'linestring', Polygon: 'polygon' }
/** What Terra Draw keeps of a coordinate; what is read from the server has seven. */
const DECIMALS = 9
const corners = { midpoints: true, draggable: true, deletable: true }

/** Draws one thing at a time upon a map, or moves the corners of one that stands. */
export class Pen {
  private draw: TerraDraw

  constructor(map: MapLibre, changed: () => void) {
    const style = { fillColor: INK, fillOpacity: 0.2, outlineColor: INK, outlineWidth: 2.5 }
    const validation = (feature: GeoJSONStoreFeatures) => ValidateNotSelfIntersecting(feature)
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: DECIMALS, prefixId: 'pen' }),
      undoRedo: { sessionLevel: new TerraDrawSessionUndoRedo() },
      modes: [
        new TerraDrawPointMode({ styles: { pointColor: INK, pointWidth: 7 } }),
        new TerraDrawLineStringMode({ styles: { lineStringColor: INK, lineStringWidth: 3, closingPointColor: INK } }),
        new TerraDrawPolygonMode({ styles: { ...style, closingPointColor: INK }, validation: (feature, { updateType }) => (updateType === 'finish' ? validation(feature) : { valid: true }) }),
        new TerraDrawSelectMode({
          allowManualDeselection: false,
          styles: { selectedPolygonColor: INK, selectedPolygonOutlineColor: INK, selectedLineStringColor: INK, selectionPointColor: '#ffffff', selectionPointOutlineColor: INK, selectionPointOutlineWidth: 2, midPointColor: INK, midPointWidth: 3 },
          flags: {
            point: { feature: { draggable: true } },
            linestring: { feature: { coordinates: corners } },
            polygon: { feature: { coordinates: corners, validation } },
          },
        }),
      ],
    })
    this.draw.start()
    this.draw.on('finish', changed)
    this.draw.on('change', (_ids, type) => type === 'delete' && changed())
  }

  /** Wait for somebody to draw one thing of a shape. */
  begin(shape: Shape): void {
    this.draw.clear()
    this.draw.setMode(MODES[shape])
  }

  /** Let somebody move the corners of these parts of one thing. */
  hold(parts: GeoJSON.Geometry[]): void {
    this.draw.clear()
    this.draw.setMode('select')
    const features = parts.map((geometry) => ({
      type: 'Feature' as const,
      geometry: rounded(geometry),
      properties: { mode: MODES[geometry.type as Shape] },
    }))
    const [first] = this.draw.addFeatures(features as never).filter(({ valid }) => valid)
    if (first?.id !== undefined) this.draw.selectFeature(first.id)
  }

  /** What was drawn to its end, in the order it was begun. */
  parts(): GeoJSON.Geometry[] {
    return this.draw
      .getSnapshot()
      .filter(({ properties }) => Object.values(MODES).includes(String(properties.mode)) && !properties.currentlyDrawing)
      .map(({ geometry }) => geometry as GeoJSON.Geometry)
  }

  /** Take back the last stroke, where there is one. */
  back(): boolean {
    return this.draw.undo()
  }

  /** Put the pen away; what was drawn is gone. */
  rest(): void {
    this.draw.clear()
    this.draw.setMode('static')
  }

  stop(): void {
    this.draw.stop()
  }
}

function rounded(geometry: GeoJSON.Geometry): GeoJSON.Geometry {
  const round = (value: unknown): unknown => (Array.isArray(value) ? value.map(round) : Math.round(Number(value) * 10 ** DECIMALS) / 10 ** DECIMALS)
  return 'coordinates' in geometry ? ({ type: geometry.type, coordinates: round(geometry.coordinates) } as GeoJSON.Geometry) : geometry
}
