import { defineConfig } from 'vitest/config'

/** The wider layers need programs from the system: ffmpeg, Chromium, Mosquitto, PostgreSQL. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/browser/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
