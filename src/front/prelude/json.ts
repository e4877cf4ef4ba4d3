// JSON.parse with a reviver (ECMA-262 25.5.1.1).

type Json = null | boolean | number | string | undefined | Json[] | { [key: string]: Json }

export function json_revived(text: string, callback: (key: string, value: Json) => Json): Json {
  return json_revive('', JSON.parse(text), callback)
}

/** InternalizeJSONProperty: what is within a value comes before the value; what is revived as undefined is taken out. */
function json_revive(key: string, value: Json, callback: (key: string, value: Json) => Json): Json {
  if (Array.isArray(value)) {
    const { length } = value
    for (let i = 0; i < length; i++) {
      const item = json_revive(String(i), value[i], callback)
      if (item === undefined) delete value[i]
      else value[i] = item
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      const item = json_revive(name, value[name], callback)
      if (item === undefined) delete value[name]
      else value[name] = item
    }
  }
  return callback(key, value)
}
