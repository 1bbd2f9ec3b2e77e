import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/{src,test}/**/*.test.ts'],
    // Two cores: more workers only make each test slower.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
