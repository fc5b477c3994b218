import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = import.meta.dirname

/** `npm run build`: the console into dist/console, which the station serves at /console/. */
export default defineConfig({
  root: here,
  base: '/console/',
  plugins: [react()],
  // `npx vite --config src/console/vite.config.ts` develops against a station that runs on its default port.
  server: { proxy: { '^/(api|recordings|media|feeds)/': 'http://127.0.0.1:8080' } },
  build: {
    outDir: `${here}/../../dist/console`,
    emptyOutDir: true,
    target: 'es2022',
    // The charting library is large and loads only with the pages that draw; nothing else comes near the limit.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 3 },
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|react-router|scheduler|@tanstack)[\\/]/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
})
