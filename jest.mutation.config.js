import config from './jest.config.js'

/**
 * For mutation testing: without the tests on random values, which would take most of its time.
 * @type {import('jest').Config}
 */
export default {
  ...config,
  testMatch: [
    '<rootDir>/__tests__/unit/**/*.test.ts',
    '<rootDir>/__tests__/integration/source/**/*.test.ts',
  ],
}
