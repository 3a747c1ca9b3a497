/** The services of the cloud that a deployment talks to. */

/** Hosts by the id of the service: https://yandex.cloud/en/docs/api-design-guide/concepts/endpoints */
export const PUBLISHED_HOSTS = {
  iam: 'iam.api.cloud.yandex.net',
  'serverless-functions': 'serverless-functions.api.cloud.yandex.net',
  operation: 'operation.api.cloud.yandex.net',
  storage: 'storage.yandexcloud.net',
  lockbox: 'lockbox.api.cloud.yandex.net',
  vpc: 'vpc.api.cloud.yandex.net',
} as const

/** Ids of services, as `GET /endpoints` names them. */
export type ServiceId = keyof typeof PUBLISHED_HOSTS
