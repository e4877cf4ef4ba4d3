import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http'
import { Agent as HttpsAgent, type RequestOptions } from 'node:https'

/** What {@link Connections} looks at beside the options of a request. */
export type PinnedOptions = {
  /** The addresses to which the request may go, as a text. */
  readonly pinned: string
}

/** How long a connection is kept that nobody uses. */
const IDLE_MS_MAX = 4000
const OPTIONS: AgentOptions = { keepAlive: true, timeout: IDLE_MS_MAX, maxFreeSockets: 4 }

/**
 * Connections of one run, to be used for further requests of the same run. A request gets one only if it would be opened in the same way
 * now: same origin, same certificates, and the very addresses that were checked for this request. A name that means something else
 * since then has a connection of its own.
 */
export class Connections {
  readonly #http = new PinnedHttpAgent(OPTIONS)
  readonly #https = new PinnedHttpsAgent(OPTIONS)

  for(protocol: string): HttpAgent {
    return protocol === 'https:' ? this.#https : this.#http
  }

  /** Ends those that nobody uses; the others end with their requests. */
  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}

class PinnedHttpAgent extends HttpAgent {
  override getName(options?: ClientRequestArgs): string {
    return `${super.getName(options)} ${pinnedOf(options)}`
  }
}

class PinnedHttpsAgent extends HttpsAgent {
  override getName(options?: RequestOptions): string {
    return `${super.getName(options)} ${pinnedOf(options)}`
  }
}

const pinnedOf = (options: object | undefined): string => (options as Partial<PinnedOptions> | undefined)?.pinned ?? ''
