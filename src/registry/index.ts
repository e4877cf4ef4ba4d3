export { type Artifact } from './artifact.ts'
export {
  createRegistry,
  type ArtifactQuery,
  type Loaded,
  type Publication,
  type PublishResult,
  type Registry,
  type RegistryOptions,
} from './registry.ts'
