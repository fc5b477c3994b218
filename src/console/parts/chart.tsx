import { BarChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { palette } from '../theme.ts'

use([BarChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer])

export type Bars = { names: string[]; series: { name: string; values: number[] }[]; unit: string }

const COLOURS = ['#cbbfa8', palette.teal, palette.ochre]

/** Bars side by side for each name: what was planned beside what was. The figures stand in a table below it. */
export default function Chart({ bars, label }: { bars: Bars; label: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return undefined
    const chart = init(place.current, undefined, { renderer: 'svg' })
    chart.setOption(optionOf(bars))
    const watcher = new ResizeObserver(() => chart.resize())
    watcher.observe(place.current)
    return () => {
      watcher.disconnect()
      chart.dispose()
    }
  }, [bars])
  return <div ref={place} className="chart" role="img" aria-label={label} />
}

function optionOf({ names, series, unit }: Bars): EChartsCoreOption {
  const text = { color: palette['text-soft'], fontFamily: 'inherit' }
  return {
    color: COLOURS,
    textStyle: text,
    animationDuration: 300,
    grid: { left: 8, right: 8, top: 40, bottom: 4, containLabel: true },
    legend: { left: 0, top: 0, textStyle: text, itemWidth: 12, itemHeight: 12 },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      valueFormatter: (value: unknown) => `${String(value)} ${unit}`,
      confine: true,
    },
    xAxis: {
      type: 'category',
      data: names,
      axisLabel: { ...text, hideOverlap: true, width: 90, overflow: 'truncate' },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.line } },
    },
    yAxis: { type: 'value', axisLabel: text, splitLine: { lineStyle: { color: palette.line } } },
    series: series.map((each) => ({
      name: each.name,
      type: 'bar',
      data: each.values,
      barMaxWidth: 26,
      barGap: '10%',
      itemStyle: { borderRadius: [3, 3, 0, 0] },
    })),
  }
}
