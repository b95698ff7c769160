import type { HubModel, LocatedModel } from "./bento.ts";
export async function locateSnapshot(model: HubModel, _world: unknown): Promise<LocatedModel> {
  throw new Error(model.repository);
}
