// How the web client is built, served while developing, and tested.
import { defineConfig } from 'vitest/config';

/** The server that `npm run dev` talks to. */
const server = 'ws://127.0.0.1:8080';

export default defineConfig({
  appType: 'spa',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // `server.fs` reaches the method catalogue, which is kept with the protocol.
  server: { proxy: { '/ws': { target: server, ws: true } }, fs: { allow: ['..'] } },
  build: {
    target: 'es2022',
    // A data: image would be a second way to load pictures; a file is cached and seen by the size check.
    assetsInlineLimit: 0,
    modulePreload: false,
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // All that the first page needs comes as one file: each request costs a phone a round trip.
          groups: [{ name: 'first', tags: ['$initial'] }],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
  },
});
