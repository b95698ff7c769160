/** What a plan's deliveries say to those who make one of them. */
import type { Delivery, Plan } from "./backend.ts";

/** Whether the image goes there too. */
export function wants(plan: Plan, kind: Delivery["kind"]): boolean {
  return plan.deliveries.some((delivery) => delivery.kind === kind);
}

/** The layout that pushes pass through: the one the user asked for, else one in the scratch directory. */
export function passingLayout(plan: Plan): string {
  return plan.deliveries.find((delivery) => delivery.kind === "layout")?.path ?? `${plan.scratch}/layout`;
}
