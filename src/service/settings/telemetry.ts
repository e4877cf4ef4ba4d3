import { isIP } from 'node:net'
import { SAMPLERS, type Sampler } from '../../telemetry/index.ts'
import { type Setting, whole } from './setting.ts'

/** What the service tells of itself, and to whom. */
export type TelemetryConfig = {
  /** Traces of executions that are kept in the store; 0 for none. */
  readonly tracesMax: number
  /** For how long, in seconds. */
  readonly traceSecondsMax: number
  /** Hosts to which calls of programs and tools send `traceparent`: names, `*.example.com`, or `*`. */
  readonly traceHosts: readonly string[]
  readonly hasMetrics: boolean
  /** Where `/metrics` is served without a key, beside the route that needs one. */
  readonly metricsListen: { readonly host: string; readonly port: number } | undefined
  /** Base URL of a collector, for what has no URL of its own. */
  readonly otlpUrl: string | undefined
  readonly otlpTracesUrl: string | undefined
  readonly otlpMetricsUrl: string | undefined
  readonly otlpHeaders: Readonly<Record<string, string>>
  readonly otlpTraces: boolean
  readonly otlpMetrics: boolean
  readonly isOtlpDisabled: boolean
  readonly serviceName: string
  readonly resource: Readonly<Record<string, string>>
  readonly metricsMs: number
  readonly sampler: Sampler
  readonly samplerRatio: number
}

export const TELEMETRY_DEFAULTS: TelemetryConfig = {
  tracesMax: 1000,
  traceSecondsMax: 7 * 86_400,
  traceHosts: [],
  hasMetrics: true,
  metricsListen: undefined,
  otlpUrl: undefined,
  otlpTracesUrl: undefined,
  otlpMetricsUrl: undefined,
  otlpHeaders: {},
  otlpTraces: true,
  otlpMetrics: true,
  isOtlpDisabled: false,
  serviceName: 'anrf',
  resource: {},
  metricsMs: 60_000,
  sampler: 'parentbased_always_on',
  samplerRatio: 1,
}

/** Names and meanings of the variables with OTEL_ are those of the OpenTelemetry specification. */
export const TELEMETRY_SETTINGS: readonly Setting<TelemetryConfig>[] = [
  {
    env: 'ANRF_TRACES',
    default: '1000',
    about: 'traces of executions kept in the store for `anrf trace`; 0 keeps none',
    read: whole('tracesMax', 0, 1_000_000),
  },
  {
    env: 'ANRF_TRACE_SECONDS',
    default: '604800',
    about: 'how long traces are kept, in seconds',
    read: whole('traceSecondsMax', 1, 10 * 366 * 86_400),
  },
  {
    env: 'ANRF_TRACE_HOSTS',
    about:
      'hosts to which calls of programs and tools send `traceparent`, separated by commas, as `api.example.com,*.example.org`; none by default',
    read: (text) => {
      const traceHosts = text.split(',').map((host) => host.trim().toLowerCase())
      return traceHosts.every((host) => HOST.test(host)) ? { traceHosts } : 'a list of hosts, `*.` and a domain, or `*`'
    },
  },
  {
    env: 'ANRF_METRICS',
    default: 'on',
    about: '`on` counts and serves GET /metrics; `off`',
    read: (text) => (text === 'on' || text === 'off' ? { hasMetrics: text === 'on' } : 'on or off'),
  },
  {
    env: 'ANRF_METRICS_LISTEN',
    about:
      'a port of loopback, or ADDRESS:PORT, on which /metrics is served without a key, beside the route that needs one',
    read: readListen,
  },
  {
    env: 'OTEL_SDK_DISABLED',
    default: 'false',
    about: '`true` sends nothing to a collector',
    read: flag('isOtlpDisabled', 'true', 'false'),
  },
  {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    about: 'base URL of a collector that takes OTLP over HTTP, as `http://127.0.0.1:4318`',
    read: url('otlpUrl'),
  },
  {
    env: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    about: 'where traces are sent (default: the base URL and `/v1/traces`)',
    read: url('otlpTracesUrl'),
  },
  {
    env: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
    about: 'where metrics are sent (default: the base URL and `/v1/metrics`)',
    read: url('otlpMetricsUrl'),
  },
  {
    env: 'OTEL_EXPORTER_OTLP_HEADERS',
    about: 'headers for the collector, as `authorization=Bearer%20TOKEN,x-team=a`',
    isSecret: true,
    read: pairs('otlpHeaders'),
  },
  {
    env: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    default: 'http/json',
    about: '`http/json`, the only one',
    read: (text) => (text === 'http/json' ? {} : 'http/json'),
  },
  {
    env: 'OTEL_TRACES_EXPORTER',
    default: 'otlp',
    about: '`otlp`, or `none` to send no traces',
    read: flag('otlpTraces', 'otlp', 'none'),
  },
  {
    env: 'OTEL_METRICS_EXPORTER',
    default: 'otlp',
    about: '`otlp`, or `none` to send no metrics',
    read: flag('otlpMetrics', 'otlp', 'none'),
  },
  {
    env: 'OTEL_SERVICE_NAME',
    default: 'anrf',
    about: 'the name of the service at the collector',
    read: (serviceName) => ({ serviceName }),
  },
  {
    env: 'OTEL_RESOURCE_ATTRIBUTES',
    about: 'what else the collector is told of the service, as `deployment.environment=test`',
    read: pairs('resource'),
  },
  {
    env: 'OTEL_METRIC_EXPORT_INTERVAL',
    default: '60000',
    about: 'how often metrics are sent, in ms',
    read: whole('metricsMs', 100, 3_600_000),
  },
  {
    env: 'OTEL_TRACES_SAMPLER',
    default: 'parentbased_always_on',
    about: `which traces are sent: ${SAMPLERS.join(', ')}`,
    read: (text) => {
      const sampler = SAMPLERS.find((name) => name === text)
      return sampler ? { sampler } : `one of ${SAMPLERS.join(', ')}`
    },
  },
  {
    env: 'OTEL_TRACES_SAMPLER_ARG',
    default: '1',
    about: 'the share of traces for the samplers by ratio, from 0 to 1',
    read: (text) => {
      const samplerRatio = text.trim() === '' ? Number.NaN : Number(text)
      return samplerRatio >= 0 && samplerRatio <= 1 ? { samplerRatio } : 'a number from 0 to 1'
    },
  },
]

const HOST = /^(\*|(\*\.)?[a-z0-9]([a-z0-9.:-]*[a-z0-9])?)$/

type Read = Setting<TelemetryConfig>['read']
type NamesOf<T> = { [N in keyof TelemetryConfig]: TelemetryConfig[N] extends T ? N : never }[keyof TelemetryConfig]

function flag(name: NamesOf<boolean>, yes: string, no: string): Read {
  return (text) => (text === yes || text === no ? { [name]: text === yes } : `${yes} or ${no}`)
}

function url(name: 'otlpUrl' | 'otlpTracesUrl' | 'otlpMetricsUrl'): Read {
  return (text) => (/^https?:$/.test(URL.parse(text)?.protocol ?? '') ? { [name]: text } : 'an http: or https: URL')
}

/** `name=value,name=value`, values percent-encoded (W3C Baggage, section 3.3.1). */
function pairs(name: 'otlpHeaders' | 'resource'): Read {
  return (text) => {
    const found: Record<string, string> = {}
    for (const part of text.split(',')) {
      const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? []
      try {
        if (key === undefined) throw new Error('no name')
        found[key] = decodeURIComponent(value!)
      } catch {
        return 'a list of NAME=VALUE, separated by commas, with values that are percent-encoded'
      }
    }
    return { [name]: found }
  }
}

function readListen(text: string): Partial<TelemetryConfig> | string {
  const [, given, digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text.trim()) ?? []
  const host = (given ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  const isHost = isIP(host) !== 0 || /^[a-z][a-z0-9.-]*$/i.test(host)
  const port = Number(digits ?? Number.NaN)
  return isHost && port <= 65_535 ? { metricsListen: { host, port } } : 'a port, or ADDRESS:PORT'
}
