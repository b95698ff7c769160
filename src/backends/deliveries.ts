/** Questions about a plan's deliveries. */
import type { Delivery, Plan } from "./backend.ts";

/** Whether the plan has a delivery of this kind. */
export function includesDelivery(plan: Plan, kind: Delivery["kind"]): boolean {
  return plan.deliveries.some((delivery) => delivery.kind === kind);
}

/** The layout from which images are pushed: the one that the user requested, else one in the scratch directory. */
export function intermediateLayout(plan: Plan): string {
  return plan.deliveries.find((delivery) => delivery.kind === "layout")?.path ?? `${plan.scratch}/layout`;
}
