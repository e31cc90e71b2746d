import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// One script, one style sheet, fixed names: the server knows what it serves, and git shows what changed.
export default defineConfig({
  base: '/assets/',
  plugins: [svelte()],
  build: {
    outDir: '../src/glasshouse/views/studio/assets',
    emptyOutDir: true,
    assetsDir: '',
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        entryFileNames: 'studio.js',
        assetFileNames: 'studio[extname]',
        codeSplitting: false,
      },
    },
  },
});
