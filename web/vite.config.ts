import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { pageRoutes } from './fixtures/pageRoutes.ts';
import { fixtureApi } from './fixtures/vitePlugin.ts';

const page = (name: string) => fileURLToPath(new URL(`./${name}.html`, import.meta.url));

/** The pages are written as React and compiled against preact/compat: the same JSX, a tenth of the weight. */
export const alias = {
  'react/jsx-runtime': 'preact/jsx-runtime',
  'react/jsx-dev-runtime': 'preact/jsx-runtime',
  'react-dom/client': 'preact/compat/client',
  'react-dom': 'preact/compat',
  react: 'preact/compat',
};

export default defineConfig(({ mode }) => ({
  resolve: { alias },
  plugins: [pageRoutes(), ...(mode === 'fixtures' ? [fixtureApi()] : [])],
  server: {
    proxy: mode === 'fixtures' ? {} : { '/api': 'http://127.0.0.1:8080' },
  },
  build: {
    target: 'es2022',
    // Fonts and pictures stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: page('index'), sign: page('sign'), verify: page('verify') },
    },
  },
}));
