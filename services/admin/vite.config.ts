import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The gateway that the development server passes requests on to. */
const GATEWAY = 'http://127.0.0.1:7070';

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  // `carillon-src` makes `#libs/*` resolve to the TypeScript of the lib, as everywhere in the repository.
  resolve: { conditions: ['carillon-src', ...defaultClientConditions] },
  build: {
    outDir: here('../../dist/admin'),
    emptyOutDir: true,
    target: 'es2023',
    // Nothing is inlined into the document, so that a policy without 'unsafe-inline' and `data:` holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: GATEWAY, ws: true },
      '/api': { target: GATEWAY },
    },
  },
});
