/** Keeps what was loaded last, up to `max` values; loads a key once however many ask for it at the same time. */
export type Cache<T> = { get(key: string, load: () => Promise<T>): Promise<T> }

/** `isKept` says whether a loaded value is worth keeping; a load that fails never is. `onGet` is told whether a value was there. */
export function createCache<T>(
  max: number,
  isKept: (value: T) => boolean,
  onGet?: (isKnown: boolean) => void,
): Cache<T> {
  // The order of a Map is that of insertion: the first key is the least recently used one.
  const entries = new Map<string, Promise<T>>()

  function get(key: string, load: () => Promise<T>): Promise<T> {
    const known = entries.get(key)
    onGet?.(known !== undefined)
    entries.delete(key)
    const value = known ?? start(key, load)
    entries.set(key, value)
    if (entries.size > max) entries.delete(entries.keys().next().value!)
    return value
  }

  function start(key: string, load: () => Promise<T>): Promise<T> {
    const value = load()
    const drop = (): void => {
      if (entries.get(key) === value) entries.delete(key)
    }
    value.then((loaded) => (isKept(loaded) ? undefined : drop()), drop)
    return value
  }

  return { get }
}
