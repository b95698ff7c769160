import { join } from "node:path";
import { disconnectNetworks } from "./bridges.ts";
import { halt } from "./halt.ts";
import { locked } from "./lock.ts";
import { leaveMachine } from "./machine.ts";
import { recall, settingOf } from "./memory.ts";
import { type Places, places } from "./places.ts";

/** Stops everything the lab runs and takes back what it did to the machine. Images and caches stay. */
export async function down(at: Places = places()): Promise<void> {
  const memory = recall(at);
  const setting = settingOf(at, memory);
  if (setting === undefined) return;
  await locked(join(at.lab, "lock"), async () => {
    await halt(setting, memory);
    await disconnectNetworks(setting);
    await leaveMachine(at);
  });
}
