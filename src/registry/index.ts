export { type Artifact } from './artifact.ts'
export { createRegistry, type Loaded, type PublishResult, type Registry } from './registry.ts'
