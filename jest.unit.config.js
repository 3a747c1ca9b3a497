import config from './jest.config.js'

/** The unit tests alone, for mutation testing; the fuzz tests would take most of its time. @type {import('jest').Config} */
export default {
  ...config,
  testMatch: ['<rootDir>/__tests__/unit/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/fuzz\\.test\\.ts$'],
}
