/** Every input that reaches a version, with what a step of it, a changed one and one without it differ in. */

type Given = Readonly<Record<string, string>>

/** A step that has the input, one that has it changed, one that has it no more, and the settings that differ. */
export interface SettingCase {
  /** What the first step has beside `EVERY_INPUT`, or in place of something there. */
  readonly base?: Given
  readonly changed: Given
  /** What goes together with the input; a required one cannot be left out at all. */
  readonly without?: Given | 'required'
  /** The input of the same name when left out. */
  readonly rows?: readonly string[]
  readonly rowsWithout?: readonly string[]
}

const QUEUES = ['success', 'failure'].flatMap((outcome) => [
  `async-${outcome}-ymq-arn`,
  `async-${outcome}-sa`,
])

/** By the name of the input. */
export const SETTING_CASES: Readonly<Record<string, SettingCase>> = {
  runtime: { changed: { runtime: 'nodejs18' }, without: 'required' },
  entrypoint: { changed: { entrypoint: 'main.handler' }, without: 'required' },
  memory: { base: { 'tmpfs-size': '' }, changed: { memory: '4GB' } },
  'execution-timeout': { changed: { 'execution-timeout': '91s' } },
  environment: { changed: { environment: 'LEVEL=debug\nNEW=1' } },
  secrets: { changed: { secrets: 'PASSWORD=database/v2/password' } },
  'service-account': {
    // Secrets need an account that reads them.
    base: { secrets: '' },
    changed: { 'service-account': 'aje9' },
  },
  'service-account-name': {
    base: { secrets: '', 'service-account': '', 'service-account-name': 'runner' },
    changed: { 'service-account-name': 'other' },
    rows: ['service-account'],
  },
  'named-service-accounts': { changed: { 'named-service-accounts': 'reports=aje9' } },
  'network-id': {
    base: { 'network-name': '', 'network-id': 'enp1' },
    changed: { 'network-id': 'enp2' },
    rows: ['network'],
  },
  'network-name': { changed: { 'network-name': 'other' }, rows: ['network'] },
  concurrency: { changed: { concurrency: '5' } },
  'tmpfs-size': { changed: { 'tmpfs-size': '1024Mb' } },
  mounts: { changed: { mounts: 'data:bbb/p/q\nout:ccc' } },
  'ephemeral-disk': { changed: { 'ephemeral-disk': 'tmp:11GB:4KB' } },
  'logs-disabled': { changed: { 'logs-disabled': 'false' } },
  'logs-group-id': { changed: { 'logs-group-id': 'e24' } },
  'logs-folder-id': {
    base: { 'logs-group-id': '', 'logs-folder-id': 'b1g9' },
    changed: { 'logs-folder-id': 'b1g8' },
  },
  'log-level': { changed: { 'log-level': 'error' } },
  async: {
    changed: { async: 'false' },
    rows: ['async', 'async-retries-count', 'async-sa', ...QUEUES],
  },
  'async-sa-id': { changed: { 'async-sa-id': 'aje9' }, rows: ['async-sa'] },
  'async-sa-name': {
    base: { 'async-sa-id': '', 'async-sa-name': 'caller' },
    changed: { 'async-sa-name': 'other' },
    rows: ['async-sa'],
  },
  'async-retries-count': { changed: { 'async-retries-count': '8' } },
  'async-success-ymq-arn': {
    changed: { 'async-success-ymq-arn': 'yrn:other' },
    without: { 'async-success-sa-id': '' },
    rowsWithout: ['async-success-ymq-arn', 'async-success-sa'],
  },
  'async-success-sa-id': {
    changed: { 'async-success-sa-id': 'aje9' },
    without: { 'async-success-ymq-arn': '' },
    rows: ['async-success-sa'],
    rowsWithout: ['async-success-ymq-arn', 'async-success-sa'],
  },
  'async-success-sa-name': {
    base: { 'async-success-sa-id': '', 'async-success-sa-name': 'queue' },
    changed: { 'async-success-sa-name': 'other' },
    without: { 'async-success-ymq-arn': '' },
    rows: ['async-success-sa'],
    rowsWithout: ['async-success-ymq-arn', 'async-success-sa'],
  },
  'async-failure-ymq-arn': {
    changed: { 'async-failure-ymq-arn': 'yrn:other' },
    without: { 'async-failure-sa-name': '' },
    rowsWithout: ['async-failure-ymq-arn', 'async-failure-sa'],
  },
  'async-failure-sa-id': {
    base: { 'async-failure-sa-name': '', 'async-failure-sa-id': 'aje8' },
    changed: { 'async-failure-sa-id': 'aje9' },
    without: { 'async-failure-ymq-arn': '' },
    rows: ['async-failure-sa'],
    rowsWithout: ['async-failure-ymq-arn', 'async-failure-sa'],
  },
  'async-failure-sa-name': {
    changed: { 'async-failure-sa-name': 'queue' },
    without: { 'async-failure-ymq-arn': '' },
    rows: ['async-failure-sa'],
    rowsWithout: ['async-failure-ymq-arn', 'async-failure-sa'],
  },
  'metadata-gce': { base: { 'metadata-gce': 'false' }, changed: { 'metadata-gce': 'true' } },
  'metadata-aws-v1': { changed: { 'metadata-aws-v1': 'true' } },
}
