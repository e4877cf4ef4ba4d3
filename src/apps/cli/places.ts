import { relative, resolve } from 'node:path'
import type { Diagnostic, Frame, Location, Outcome } from '../../base/index.ts'

/** From a path of a program to what the user can open from where they are. */
export type Place = (path: string) => string

/** Programs name their files from their root; people name them from the current folder. */
export function placeFrom(root: string, folder: string): Place {
  return (path) => {
    const near = relative(folder, resolve(root, path))
    return near.startsWith('..') ? resolve(root, path) : near
  }
}

export function movePlaces(d: Diagnostic, place: Place): Diagnostic {
  const labels = d.labels?.map((label) => ({ ...label, location: move(label.location, place) }))
  return { ...d, ...(d.location && { location: move(d.location, place) }), ...(labels && { labels }) }
}

/** The outcome with the places of its stack moved. */
export function moveStack(outcome: Outcome, place: Place): Outcome {
  if (!('stack' in outcome)) return outcome
  const stack = outcome.stack.map((frame): Frame => {
    return frame.location ? { ...frame, location: move(frame.location, place) } : frame
  })
  return { ...outcome, stack }
}

/** Files of the library have no place on the user's disk. */
const move = (location: Location, place: Place): Location =>
  location.path.startsWith('.prelude/') ? location : { ...location, path: place(location.path) }
