/** How a worker is kept from the machine, strongest first. A level is never replaced by a weaker one that was not asked for. */
export const ISOLATION_LEVELS = {
  container: 'namespaces of its own without files, devices or network (bubblewrap), and two seccomp filters',
  oci: 'the same in a container of an OCI runtime',
  seccomp: 'Landlock and a seccomp filter on a process of this machine',
  none: 'a process of this machine that only the engine confines',
} as const

export type IsolationLevel = keyof typeof ISOLATION_LEVELS

/** What may be asked for: a level, or the strongest of `container` and `seccomp` that proves itself here. */
export const ISOLATION_CHOICES = ['auto', ...(Object.keys(ISOLATION_LEVELS) as IsolationLevel[])] as const

export type IsolationChoice = (typeof ISOLATION_CHOICES)[number]
