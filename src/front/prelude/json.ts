// JSON.parse with a reviver (ECMA-262 25.5.1.1).

type Json = null | boolean | number | string | undefined | Json[] | Parts
type Parts = { [key: string]: Json }

export function json_revived(text: string, callback: (key: string, value: Json) => Json): Json {
  return json_revive('', JSON.parse(text), callback)
}

/** InternalizeJSONProperty (25.5.1.1): what is within a value, a list or an object, comes before the value; what is revived as undefined is taken out. */
function json_revive(key: string, value: Json, callback: (key: string, value: Json) => Json): Json {
  if (typeof value === 'object' && value !== null)
    for (const name of Object.keys(value)) {
      const item = json_revive(name, (value as Parts)[name], callback)
      if (item === undefined) delete (value as Parts)[name]
      else (value as Parts)[name] = item
    }
  return callback(key, value)
}
