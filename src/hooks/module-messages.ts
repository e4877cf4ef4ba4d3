/** What the service sends to the thread of a module. Arguments and answers are JSON, so that nothing is shared. */
export type ToModule =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: string }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'ping' }

export type FromModule =
  | { readonly kind: 'ready'; readonly methods: readonly string[]; readonly version: string | undefined }
  | { readonly kind: 'unfit'; readonly message: string }
  | { readonly kind: 'value'; readonly id: number; readonly value: string }
  | { readonly kind: 'error'; readonly id: number; readonly message: string }
  | { readonly kind: 'pong' }
