/** An accessor of an object literal is a field of the object that holds its function, under a name that no key of a program has. */
export const getterName = (name: string): string => `@@get ${name}`
export const setterName = (name: string): string => `@@set ${name}`

/** Whether a field is a private member: `#name` of a class, and not the key `'#name'` of a plain object. */
export const isPrivateMember = ({ cls }: { readonly cls: unknown }, name: string): boolean =>
  Boolean(cls) && name.startsWith('#')

/** Whether a field holds an accessor. */
export const isAccessorName = (name: string): boolean => name.startsWith('@@get ') || name.startsWith('@@set ')

/** What a node of the analysis knows of its fields. */
type Fields = { readonly fields: ReadonlyMap<string, unknown> }

/** Whether objects have, or may have, an accessor under the name. */
export const hasAccessor = ({ fields }: Fields, name: string): boolean =>
  fields.has(getterName(name)) || fields.has(setterName(name))

/** Whether objects have, or may have, any accessors. */
export const hasAccessors = ({ fields }: Fields): boolean => [...fields.keys()].some(isAccessorName)
