import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([AriaComponent, BarChart, GridComponent, LegendComponent, LineChart, SVGRenderer, TooltipComponent])

/** A chart in an element; the parts of ECharts that it needs are in a chunk of their own. */
export function chartIn(element: HTMLElement) {
  return init(element, null, { renderer: 'svg' })
}
