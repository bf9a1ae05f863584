import type { Map as MapLibre } from 'maplibre-gl'

export type Pen = 'point' | 'polygon'

/** A pen upon a map: what it draws is handed over once and wiped off again. Its code is loaded when it is first taken up. */
export class Drawing {
  private pen: import('terra-draw').TerraDraw | null = null

  constructor(
    private map: MapLibre,
    private drawn: (geometry: GeoJSON.Point | GeoJSON.Polygon) => void,
  ) {}

  async take(kind: Pen): Promise<void> {
    this.lay()
    const [{ TerraDraw, TerraDrawPointMode, TerraDrawPolygonMode }, { TerraDrawMapLibreGLAdapter }] = await Promise.all([
      import('terra-draw'),
      import('terra-draw-maplibre-gl-adapter'),
    ])
    const pen = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map: this.map }),
      modes: [new TerraDrawPointMode(), new TerraDrawPolygonMode()],
    })
    pen.start()
    pen.setMode(kind)
    pen.on('finish', (id) => {
      const geometry = pen.getSnapshot().find((feature) => feature.id === id)?.geometry
      this.lay()
      if (geometry?.type === 'Point' || geometry?.type === 'Polygon') this.drawn(geometry)
    })
    this.pen = pen
  }

  /** Put the pen away. */
  lay(): void {
    this.pen?.stop()
    this.pen = null
  }
}
