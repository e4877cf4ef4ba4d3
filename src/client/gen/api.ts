// Printed from src/service/routes/ and schemas/: change those, then ANRF_UPDATE=1 npm test -- test/service/client.test.ts

import type { CallOptions } from '../transport.ts'
import type { ExecuteAnswer, Result, SuspendedAnswer } from '../problem.ts'

/** A document and its signature, a Sigstore bundle; the document in base64 or as JSON. */
type Envelope = { readonly document: unknown; readonly signature?: unknown }

/** What a service says of what was published. */
export type Published = { readonly id: string; readonly name?: string | undefined; readonly version?: string | undefined; readonly sizeBytes: number; readonly isSigned: boolean; readonly publishedAt: string; readonly publishedBy: string; readonly warnings: readonly unknown[] }

/** A method for every route: its parameters in the order of the path, its body, then options. */
export type Api = {
  readonly artifacts: {
    /** Publish a document. `POST /artifacts`, scope `publish`. */
    publish(body: Uint8Array | Envelope, options?: CallOptions): Promise<Result<{ readonly id: string; readonly name?: string | undefined; readonly version?: string | undefined; readonly sizeBytes: number; readonly isSigned: boolean; readonly publishedAt: string; readonly publishedBy: string; readonly warnings: readonly unknown[] }>>
    /** List artifacts in the order of their ids. `GET /artifacts`, scope `read`. */
    list(options?: CallOptions & { readonly query?: { readonly name?: string | undefined; /** Continue behind this id. */ readonly after?: string | undefined; /** At most 999; 100 by default. */ readonly limit?: string | undefined } | undefined }): Promise<Result<{ readonly artifacts: readonly { readonly id: string; readonly name?: string | undefined; readonly version?: string | undefined; readonly sizeBytes: number; readonly isSigned: boolean; readonly publishedAt: string; readonly publishedBy: string }[]; /** Give this as `after` for what follows. */ readonly next?: string | undefined }>>
    /** All rows of {@link list}, page by page; throws an `AnrfError`. */
    listAll(options?: CallOptions & { readonly query?: { readonly name?: string | undefined; /** Continue behind this id. */ readonly after?: string | undefined; /** At most 999; 100 by default. */ readonly limit?: string | undefined } | undefined }): AsyncGenerator<{ readonly id: string; readonly name?: string | undefined; readonly version?: string | undefined; readonly sizeBytes: number; readonly isSigned: boolean; readonly publishedAt: string; readonly publishedBy: string }, void>
    /** What an artifact is, its entries and what it asks for. `GET /artifacts/{id}`, scope `read`. */
    read(id: string, options?: CallOptions): Promise<Result<{ readonly id: string; readonly name?: string | undefined; readonly version?: string | undefined; readonly sizeBytes: number; readonly isSigned: boolean; readonly publishedAt: string; readonly publishedBy: string; readonly description: string; readonly entries: readonly { readonly name: string; /** JSON Schema 2020-12 of the inputs. */ readonly inputs: unknown }[]; readonly capabilities: readonly string[]; readonly limits: unknown }>>
    /** The document itself. `GET /artifacts/{id}/document`, scope `read`. */
    download(id: string, options?: CallOptions & { readonly query?: { /** The encoding of the document. */ readonly form?: "protobuf" | "json" | undefined } | undefined }): Promise<Result<Uint8Array>>
  }
  readonly executions: {
    /** Execute an artifact, named by digest, by name@version or by name for its newest version. `POST /execute/{anrfId}`, scope `execute`. */
    start(anrfId: string, body: { /** An object keyed by parameter name. */ readonly inputs?: unknown | undefined; /** The exported function to run. */ readonly entry?: string | undefined; readonly limits?: { /** events: loop back-edges, calls on call cycles and the work of linear operations; lowered to the ceiling, 1000000000000 or what the service sets */ readonly fuel?: number | undefined; /** bytes: bytes ever allocated, by the formulas of the operation table; freed memory is not given back; lowered to the ceiling, 1125899906842624 or what the service sets */ readonly allocation?: number | undefined; /** bytes: bytes live at once, and the most that one operation may ask for; sampled as allocation grows; lowered to the ceiling, 2147483648 or what the service sets */ readonly memory?: number | undefined; /** calls: nested calls of functions on call cycles; lowered to the ceiling, 1000000 or what the service sets */ readonly depth?: number | undefined; /** ms: time from the start of the run to its answer; lowered to the ceiling, 600000 or what the service sets */ readonly wall?: number | undefined; /** ms: processor time of the worker process, all its threads, from the start of the run; lowered to the ceiling, 600000 or what the service sets */ readonly cpu?: number | undefined; /** bytes: size of the encoded result; lowered to the ceiling, 67108864 or what the service sets */ readonly output?: number | undefined; /** bytes: size of all log lines; lowered to the ceiling, 16777216 or what the service sets */ readonly logs?: number | undefined; /** calls: calls of effects, those that were denied too; lowered to the ceiling, 1000000 or what the service sets */ readonly effects?: number | undefined; /** bytes: bytes that effects took out and brought in; lowered to the ceiling, 17179869184 or what the service sets */ readonly io?: number | undefined; /** executions: executions of the same principal that run or wait at once; lowered to the ceiling, 10000 or what the service sets */ readonly concurrency?: number | undefined } | undefined; readonly world?: { /** The time that the program reads, in ms since 1970; now. */ readonly time?: number | undefined; /** Where its random numbers begin; by chance. */ readonly seed?: number | undefined } | undefined; /** Which of those that wait is begun first; normal. */ readonly priority?: "high" | "normal" | "low" | undefined; /** What has not begun by then is not run: outcome expired. */ readonly deadline?: string | undefined; /** The deadline as milliseconds from now. */ readonly timeout?: number | undefined }, options?: CallOptions & { readonly query?: { /** How to run. */ readonly mode?: "auto" | "interpret" | "jit" | undefined; /** Whether in a process that nothing ran in before; pooled. */ readonly process?: "pooled" | "fresh" | undefined } | undefined }): Promise<Result<ExecuteAnswer | SuspendedAnswer>>
    /** The record of an execution. `GET /executions/{id}`, scope `read`. */
    read(id: string, options?: CallOptions): Promise<Result<{ readonly executionId: string; readonly anrfId: string; readonly entry: string; readonly mode: string; /** Who asked for it. */ readonly principal: string; readonly tenant: string; readonly startedAt: string; readonly inputsDigest: string; /** How it ended, or `queued`, `running` or `suspended`. */ readonly outcome: string; readonly priority?: string | undefined; readonly deadline?: string | undefined; readonly finishedAt?: string | undefined; readonly status?: number | undefined; /** The body that the caller got. */ readonly answer?: unknown | undefined; /** Limits, world, isolation and the digest of the arguments. */ readonly facts?: unknown | undefined }>>
    /** End an execution that waits, runs or is suspended. `POST /executions/{id}/cancel`, scope `execute`. */
    cancel(id: string, options?: CallOptions): Promise<Result<{ readonly executionId: string; readonly anrfId: string; readonly entry: string; readonly mode: string; /** Who asked for it. */ readonly principal: string; readonly tenant: string; readonly startedAt: string; readonly inputsDigest: string; /** How it ended, or `queued`, `running` or `suspended`. */ readonly outcome: string; readonly priority?: string | undefined; readonly deadline?: string | undefined; readonly finishedAt?: string | undefined; readonly status?: number | undefined; /** The body that the caller got. */ readonly answer?: unknown | undefined; /** Limits, world, isolation and the digest of the arguments. */ readonly facts?: unknown | undefined } | { readonly executionId: string; readonly anrfId: string; readonly outcome: "queued" | "running" | "suspended" }>>
    /** The calls of effects of an execution, with digests of what was said. `GET /executions/{id}/effects`, scope `read`. */
    effects(id: string, options?: CallOptions): Promise<Result<{ readonly effects: readonly { readonly sequence: number; readonly name: string; readonly argsDigest: string; /** Where its answer stands among all answers. */ readonly order?: number | undefined; /** When the answer came, in ms since the run began. */ readonly elapsed?: number | undefined; readonly answerDigest?: string | undefined; readonly cancelled?: boolean | undefined }[] }>>
    /** The signed receipt of an execution. `GET /executions/{id}/receipt`, scope `read`. */
    receipt(id: string, options?: CallOptions): Promise<Result<{ readonly mediaType: string; readonly verificationMaterial: unknown; /** DSSE v1 over an in-toto Statement v1 about the document that ran. */ readonly dsseEnvelope: unknown }>>
    /** All that it takes to do an execution again, if it was kept. `GET /executions/{id}/recording`, scope `read`. */
    recording(id: string, options?: CallOptions): Promise<Result<unknown>>
    /** Do an execution again from its journal, in any mode, and compare. `POST /executions/{id}/replay`, scope `execute`. */
    replay(id: string, body: { readonly mode?: "interpret" | "jit" | undefined }, options?: CallOptions): Promise<Result<{ readonly kind: "same" | "different" | "not-reproducible"; readonly differences?: readonly string[] | undefined; readonly reason?: string | undefined }>>
    /** Decide what a suspended execution asked in a call, and let it go on. `POST /executions/{id}/decisions/{sequence}`, scope `approve`. */
    decide(id: string, sequence: string, body: { readonly approved: boolean; readonly note?: string | undefined }, options?: CallOptions): Promise<Result<{ readonly executionId: string }>>
  }
  readonly receiptKey: {
    /** The public key by which receipts of this service are trusted. `GET /receipt-key`, needs no key. */
    read(options?: CallOptions): Promise<Result<{ readonly keyId: string; /** Ed25519, PEM (SPKI). */ readonly publicKey: string }>>
  }
  readonly keys: {
    /** Make an API key; its text is in this answer only. `POST /keys`, scope `admin`. */
    create(body: { readonly label: string; readonly scopes: readonly ("operate" | "admin" | "publish" | "execute" | "approve" | "read")[]; /** When the key ends; never, if it is left out. */ readonly expiresAt?: string | undefined; /** An identity that has or had keys; by default the key has one of its own. */ readonly principal?: string | undefined; /** Another tenant than your own, which asks for `operate` too. */ readonly tenant?: string | undefined }, options?: CallOptions): Promise<Result<{ readonly id: string; readonly key: string }>>
    /** List the API keys of the tenant in the order of their ids. `GET /keys`, scope `admin`. */
    list(options?: CallOptions & { readonly query?: { /** Continue behind this id. */ readonly after?: string | undefined; /** At most 999; 100 by default. */ readonly limit?: string | undefined; /** Another tenant than your own, which asks for `operate` too. */ readonly tenant?: string | undefined } | undefined }): Promise<Result<{ readonly keys: readonly { readonly id: string; readonly principal: string; readonly tenant: string; readonly label: string; readonly scopes: readonly string[]; readonly createdAt: string; readonly expiresAt?: string | undefined; /** To the hour. */ readonly lastUsedAt?: string | undefined; readonly revokedAt?: string | undefined }[]; /** Give this as `after` for what follows. */ readonly next?: string | undefined }>>
    /** All rows of {@link list}, page by page; throws an `AnrfError`. */
    listAll(options?: CallOptions & { readonly query?: { /** Continue behind this id. */ readonly after?: string | undefined; /** At most 999; 100 by default. */ readonly limit?: string | undefined; /** Another tenant than your own, which asks for `operate` too. */ readonly tenant?: string | undefined } | undefined }): AsyncGenerator<{ readonly id: string; readonly principal: string; readonly tenant: string; readonly label: string; readonly scopes: readonly string[]; readonly createdAt: string; readonly expiresAt?: string | undefined; /** To the hour. */ readonly lastUsedAt?: string | undefined; readonly revokedAt?: string | undefined }, void>
    /** Make another key for the same principal; the one before stays valid for a while. `POST /keys/{id}/rotate`, scope `admin`. */
    rotate(id: string, body: { /** How long the key before stays valid; a day by default. */ readonly graceSeconds?: number | undefined; /** When the new key ends; by default it lives as long as the one before was to. */ readonly expiresAt?: string | undefined }, options?: CallOptions): Promise<Result<{ readonly id: string; readonly key: string; /** When the key before ends. */ readonly oldExpiresAt: string }>>
    /** Revoke an API key at once. `DELETE /keys/{id}`, scope `admin`. */
    revoke(id: string, options?: CallOptions): Promise<Result<undefined>>
  }
  readonly tenants: {
    /** Make a tenant. `POST /tenants`, scope `operate`. */
    create(body: { /** Lower-case letters, digits and `-`. */ readonly id: string; readonly label?: string | undefined }, options?: CallOptions): Promise<Result<{ readonly id: string; readonly label: string; readonly createdAt: string; readonly disabledAt?: string | undefined }>>
    /** List tenants in the order of their ids. `GET /tenants`, scope `operate`. */
    list(options?: CallOptions & { readonly query?: { /** Continue behind this id. */ readonly after?: string | undefined; /** At most 999; 100 by default. */ readonly limit?: string | undefined } | undefined }): Promise<Result<{ readonly tenants: readonly { readonly id: string; readonly label: string; readonly createdAt: string; readonly disabledAt?: string | undefined }[]; /** Give this as `after` for what follows. */ readonly next?: string | undefined }>>
    /** All rows of {@link list}, page by page; throws an `AnrfError`. */
    listAll(options?: CallOptions & { readonly query?: { /** Continue behind this id. */ readonly after?: string | undefined; /** At most 999; 100 by default. */ readonly limit?: string | undefined } | undefined }): AsyncGenerator<{ readonly id: string; readonly label: string; readonly createdAt: string; readonly disabledAt?: string | undefined }, void>
    /** A tenant. `GET /tenants/{id}`, scope `operate`. */
    read(id: string, options?: CallOptions): Promise<Result<{ readonly id: string; readonly label: string; readonly createdAt: string; readonly disabledAt?: string | undefined }>>
    /** Refuse all requests of a tenant from now on; what is suspended stays so. `POST /tenants/{id}/disable`, scope `operate`. */
    disable(id: string, options?: CallOptions): Promise<Result<{ readonly id: string; readonly label: string; readonly createdAt: string; readonly disabledAt?: string | undefined }>>
    /** Take requests of a tenant again, and go on with what was suspended and decided. `POST /tenants/{id}/enable`, scope `operate`. */
    enable(id: string, options?: CallOptions): Promise<Result<{ readonly id: string; readonly label: string; readonly createdAt: string; readonly disabledAt?: string | undefined }>>
  }
  readonly health: {
    /** Whether the process answers. `GET /livez`, needs no key. */
    live(options?: CallOptions): Promise<Result<{ readonly status: string }>>
    /** Whether requests are taken, and with which isolation. `GET /readyz`, needs no key. */
    ready(options?: CallOptions): Promise<Result<{ readonly status: string; /** What kept the worker from the machine. */ readonly isolation: "container" | "oci" | "seccomp" | "none"; /** The control groups that bound workers, where they are delegated. */ readonly cgroups: "v1" | "v2" | "none"; readonly workers: unknown }>>
  }
  readonly traces: {
    /** The traces of an execution, or of a trace id, as far as they are kept. `GET /traces/{id}`, scope `read`. */
    read(id: string, options?: CallOptions): Promise<Result<{ readonly traces: readonly { /** 32 hexadecimal digits. */ readonly traceId: string; /** ms since 1970. */ readonly startedMs: number; /** Whether a collector gets it too. */ readonly isSampled: boolean; readonly tenant?: string | undefined; readonly principal?: string | undefined; readonly executionIds: readonly string[]; /** In the order in which they ended. */ readonly spans: readonly { readonly spanId: string; /** Of the caller for the first span. */ readonly parentId?: string | undefined; readonly name: string; readonly kind: "server" | "client" | "internal"; /** Microseconds since the trace began here. */ readonly startUs: number; readonly durationUs: number; readonly attributes: { readonly [name: string]: string | number | boolean }; /** error.type of a span that failed. */ readonly error?: string | undefined }[]; /** Spans that were too many to keep. */ readonly dropped: number }[] }>>
  }
  readonly metrics: {
    /** Metrics of the service in the text format of Prometheus. `GET /metrics`, scope `operate`. */
    read(options?: CallOptions): Promise<Result<string>>
  }
}
