/** The longest delay of a timer in ms, 24 days: Node and browsers take a longer one for none. */
export const TIMER_MS_MAX = 2 ** 31 - 1
