const EFFECT_NAME = /^([a-z]+|tool:[A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{1,64}$/

/** Whether a call of an effect may be named so: capability and operation; a tool of the host has its own name behind `tool:`. */
export const isEffectName = (text: string): boolean => EFFECT_NAME.test(text)
